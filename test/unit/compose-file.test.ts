import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'

const ROOT = join(import.meta.dirname, '../..')

type Service = {
  image?: string
  build?: { dockerfile: string; args: { SERVICE: string } }
  container_name?: string
  ports?: string[]
  user?: string
  environment?: Record<string, string>
  healthcheck?: { test?: string[]; disable?: boolean }
  depends_on?: Record<string, { condition: string }>
}

function readYaml(path: string): { services: Record<string, Service> } {
  return parse(readFileSync(join(ROOT, path), 'utf8'), { merge: true })
}

describe('docker-compose.yml', () => {
  const { services } = readYaml('docker-compose.yml')

  test('has every part of the distributed form', () => {
    expect(Object.keys(services).sort()).toEqual(
      ['agent', 'gateway', 'migrate', 'postgres', 'rabbitmq', 'redis', 'worker'].sort(),
    )
  })

  test('worker and agent can have any number of replicas', () => {
    for (const name of ['worker', 'agent']) {
      expect(services[name]).not.toHaveProperty('container_name')
      expect(services[name]).not.toHaveProperty('ports')
      expect(services[name]).not.toHaveProperty('hostname')
    }
  })

  test('what is published is published on loopback unless .env says otherwise', () => {
    const published = Object.values(services).flatMap(({ ports = [] }) => ports)
    expect(published.length).toBeGreaterThan(0)
    for (const port of published) expect(port).toMatch(/^\$\{\w+:-127\.0\.0\.1:\d+\}:\d+$/)
  })

  test('every service that goes on running has a health check', () => {
    for (const [name, { healthcheck }] of Object.entries(services)) {
      if (name === 'migrate') expect(healthcheck).toEqual({ disable: true })
      else expect(healthcheck?.test?.length).toBeGreaterThan(1)
    }
  })

  test('whoever needs a server waits until it is healthy, and for the tables', () => {
    for (const name of ['gateway', 'worker', 'agent']) {
      const conditions = services[name]?.depends_on ?? {}
      expect(conditions.migrate).toEqual({ condition: 'service_completed_successfully' })
      for (const [other, { condition }] of Object.entries(conditions)) {
        if (other !== 'migrate') expect([other, condition]).toEqual([other, 'service_healthy'])
      }
    }
  })
})

describe('secrets', () => {
  const files = [
    'docker-compose.yml',
    ...readdirSync(join(ROOT, 'infra/test-servers')).map((name) => `infra/test-servers/${name}`),
  ]

  test.each(files)('%s holds none and has no default for one', (path) => {
    const text = readFileSync(join(ROOT, path), 'utf8')
    const secrets = text.match(/\$\{\w*(PASSWORD|TOKEN|SECRET)\w*[^}]*\}/g) ?? []
    expect(secrets.length).toBeGreaterThan(0)
    for (const secret of secrets)
      expect(secret).toMatch(/^\$\{(\w+:\?[^}]*|\w+_PREVIOUS:-|ASKWIRE_OIDC_CLIENT_SECRET:-)\}$/)
    for (const { environment = {} } of Object.values(readYaml(path).services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (/PASS|TOKEN|SECRET|AUTH|KEY/.test(name))
          expect([name, value]).toEqual([name, expect.stringMatching(/^\$\{/)])
      }
    }
  })

  test('.env.example leaves every secret empty', () => {
    const lines = readFileSync(join(ROOT, '.env.example'), 'utf8').split('\n')
    const secrets = lines.filter((line) => /^#? ?\w*(PASSWORD|TOKEN|KEY)\w*=/.test(line))
    expect(secrets.length).toBeGreaterThanOrEqual(5)
    for (const line of secrets) expect(line).toMatch(/^\w+=$/)
  })
})

describe('.env.example', () => {
  const example = new Set(
    readFileSync(join(ROOT, '.env.example'), 'utf8')
      .match(/^(# )?[A-Z_]+(?==)/gm)
      ?.map((name) => name.replace('# ', '')),
  )

  test('explains every variable that a service or the compose file reads', () => {
    const configs = readdirSync(join(ROOT, 'services')).flatMap((service) => {
      const folder = join(ROOT, 'services', service, 'src')
      return readdirSync(folder)
        .filter((name) => name === 'config.ts')
        .map((name) => join(folder, name))
    })
    expect(configs.length).toBeGreaterThanOrEqual(4)
    const sources = [...configs, join(ROOT, 'packages/models/src/models-config.ts')].map((path) =>
      readFileSync(path, 'utf8'),
    )
    const read = sources
      .flatMap((text) => text.match(/^\s+(ASKWIRE_[A-Z_]+|KNOWLEDGE_DIR)(?=:)/gm) ?? [])
      .map((name) => name.trim())
    const composed = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8').match(/(?<=\$\{)[A-Z_]+/g) ?? []
    expect([...new Set([...read, ...composed])].filter((name) => !example.has(name))).toEqual([])
  })
})

describe('the image', () => {
  const dockerfile = readFileSync(join(ROOT, 'infra/service.Dockerfile'), 'utf8')

  test('runs as an ordinary user, with a health check', () => {
    expect(dockerfile).toMatch(/^USER node$/m)
    expect(dockerfile).toMatch(/^HEALTHCHECK /m)
  })

  test('never takes in secrets, data or another machine’s packages', () => {
    const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n')
    for (const path of ['.env', '.servers', '.askwire', '.git', '**/node_modules']) expect(ignored).toContain(path)
  })
})

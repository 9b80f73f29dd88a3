import { createConfig, lintFromString } from '@redocly/openapi-core'
import spectral from '@stoplight/spectral-core'
import rulesets from '@stoplight/spectral-rulesets'

/** What Redocly's recommended rules find in an OpenAPI document, as `rule at place: message`. */
export async function lintWithRedocly(document: object): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended-strict'] })
  const problems = await lintFromString({ source: JSON.stringify(document), absoluteRef: '/openapi.json', config })
  return problems.map(
    ({ ruleId, message, location }) => `${ruleId} at ${location[0]?.pointer ?? '#'}: ${message.split('\n')[0]}`,
  )
}

/** Whoever hosts an installation is its contact; the document does not know them. */
const NOT_OURS = { 'info-contact': 'off' }

/** What Spectral's rules for OpenAPI find in it, as `rule at place: message`. */
export async function lintWithSpectral(document: object): Promise<string[]> {
  const linter = new spectral.Spectral()
  linter.setRuleset({ extends: [rulesets.oas], rules: NOT_OURS } as never)
  const problems = await linter.run(JSON.stringify(document))
  return problems.map(({ code, path, message }) => `${code} at #/${path.join('/')}: ${message}`)
}

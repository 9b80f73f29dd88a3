import { secretSetting } from '@askwire/auth'
import { DEFAULT_QUESTION_QUEUE_LENGTH, newId, REGISTRATION_MODES } from '@askwire/contracts'
import { LOG_LEVELS, readConfigParts } from '@askwire/runtime'
import { z } from 'zod'
import { oidcSecrets, oidcSettings } from './oidc-config.ts'

const milliseconds = (fallback: number) => z.coerce.number().int().min(0).default(fallback)
/** Values separated by commas. */
const list = <T extends z.ZodType<string, string>>(item: T) =>
  z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
    .pipe(z.array(item))
const count = (fallback: number) => z.coerce.number().int().min(1).default(fallback)

/** `*`, `null`, a path or an upper-case name would never equal what a browser sends. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text
}

/** The gateway's limits and names; everything has a default that suits one machine. */
export const gatewaySettings = z.object({
  ...oidcSettings.shape,
  ASKWIRE_HOST: z.string().default('127.0.0.1'),
  ASKWIRE_PORT: z.coerce.number().int().min(0).max(65_535).default(8787),
  ASKWIRE_LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  /** Names this replica's answer queue; unique among replicas. */
  ASKWIRE_GATEWAY_ID: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .default(() => `gateway-${newId()}`),
  /** Longest a run may take from its acceptance. */
  ASKWIRE_RUN_DEADLINE_MS: milliseconds(600_000),
  /** Unfinished runs one user may have. */
  ASKWIRE_MAX_UNFINISHED_RUNS: count(50),
  /** Questions accepted while the broker is away, before new ones are refused with 503. */
  ASKWIRE_OUTBOX_LIMIT: count(10_000),
  ASKWIRE_QUESTION_QUEUE_LENGTH: count(DEFAULT_QUESTION_QUEUE_LENGTH),
  /** Longest `mode: blocking` holds its response. */
  ASKWIRE_BLOCKING_TIMEOUT_MS: milliseconds(120_000),
  /** Open event streams on this replica; the next one is refused with 503. */
  ASKWIRE_MAX_FOLLOWERS: count(20_000),
  /** On SIGTERM the replica says for this long that it is not ready, before it closes its streams and stops listening. */
  ASKWIRE_DRAIN_NOTICE_MS: milliseconds(0),
  /** Largest request body. */
  ASKWIRE_MAX_BODY_BYTES: count(1_048_576),
  /** Largest file that can be imported. */
  ASKWIRE_MAX_IMPORT_BYTES: count(512 * 1024 * 1024),
  /** Requests a minute of one person, in the whole installation; an account may have a number of its own. */
  ASKWIRE_REQUESTS_PER_MINUTE: count(600),
  /** Requests a minute from one address, on each replica, whoever sends them. */
  ASKWIRE_ADDRESS_REQUESTS_PER_MINUTE: count(3000),
  /** Tries of a password in 15 minutes for one account; other tries have a share of it. */
  ASKWIRE_ACCOUNT_ATTEMPTS: count(10),
  /** The same from one address, whatever accounts they are for. */
  ASKWIRE_ADDRESS_ATTEMPTS: count(60),
  /** Addresses or networks of reverse proxies whose X-Forwarded-* headers are believed. */
  ASKWIRE_TRUSTED_PROXIES: list(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])),
  /** Days that what was recorded is kept; whole months are dropped. */
  ASKWIRE_AUDIT_RETENTION_DAYS: count(400),
  /** Origins of other sites whose pages may use the API with cookies. */
  ASKWIRE_CORS_ORIGINS: list(z.string().refine(isOrigin, 'must be origins such as https://app.example.com')),
  /** Who may make an account once there is one: anyone, the invited, nobody. */
  REGISTRATION: z.enum(REGISTRATION_MODES).default('open'),
  /** Names this installation in its tokens. */
  ASKWIRE_ISSUER: z.string().min(1).max(200).default('askwire'),
  /** Where people reach the page, for links in mails; default: the address it listens on. */
  ASKWIRE_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  ASKWIRE_MAIL_FROM: z.string().min(3).max(200).default('Askwire <askwire@localhost>'),
  /** Folder that mails are written to while there is no SMTP server. */
  ASKWIRE_MAIL_OUTBOX: z.string().default('.askwire/outbox'),
})
export type GatewayConfig = z.infer<typeof gatewaySettings>

/** Where the gateway's servers are; a separate schema because the standalone process has none. */
export const gatewayServers = z.object({
  ASKWIRE_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  ASKWIRE_RABBIT_URL: z.url({ protocol: /^amqps?$/ }),
  ASKWIRE_REDIS_URL: z.url({ protocol: /^rediss?$/ }),
})

/** The gateway's secrets, a separate schema so that nothing that logs the configuration can hold them. There are no defaults. */
export const gatewaySecrets = z.object({
  ...oidcSecrets.shape,
  /** Signing keys and authenticator secrets are sealed under it. */
  ASKWIRE_AUTH_SECRET: secretSetting,
  /** The one before, while it is being changed: what it sealed still opens. */
  ASKWIRE_AUTH_SECRET_PREVIOUS: secretSetting.optional(),
  /** With user and password, as smtps://user:password@host:465. */
  ASKWIRE_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
})
export type GatewaySecrets = z.infer<typeof gatewaySecrets>

/** Reads and checks the environment of a gateway process. Throws `ConfigError` with every problem. */
export function readGatewayConfig(env: NodeJS.ProcessEnv = process.env): {
  config: GatewayConfig & z.infer<typeof gatewayServers>
  secrets: GatewaySecrets
} {
  const [config, secrets] = readConfigParts([gatewaySettings.extend(gatewayServers.shape), gatewaySecrets], env)
  return { config, secrets }
}

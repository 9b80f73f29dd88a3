import { backupCodes, done, mfaConfirmRequest, mfaDisableRequest, mfaSetup, mfaSetupRequest } from '@askwire/contracts'
import type { FastifyInstance } from 'fastify'
import {
  confirmSecondFactor,
  renewOwnBackupCodes,
  setUpSecondFactor,
  takeSecondFactorAway,
} from '../accounts/second-factor.ts'
import type { GatewayContext } from '../context.ts'
import { defineRoute } from './route.ts'

/** `/api/auth/mfa`: the second factor. Every change takes the password and a fresh code. */
export function mfaRoutes(app: FastifyInstance, context: GatewayContext): void {
  const route = { method: 'POST', access: 'account.manage', tag: 'account' } as const

  defineRoute(app, {
    ...route,
    url: '/api/auth/mfa/setup',
    summary: 'Begin to enrol an authenticator; nothing changes until it is confirmed',
    body: mfaSetupRequest,
    responses: { 200: { description: 'What the authenticator has to read.', schema: mfaSetup } },
    handler: async ({ principal, body }) => {
      return await setUpSecondFactor(context, principal, body)
    },
  })

  defineRoute(app, {
    ...route,
    url: '/api/auth/mfa/confirm',
    summary: 'Put the authenticator into force by its first code',
    body: mfaConfirmRequest,
    responses: { 200: { description: 'Backup codes, shown once.', schema: backupCodes } },
    handler: async ({ principal, body }) => {
      return await confirmSecondFactor(context, principal, body.code)
    },
  })

  defineRoute(app, {
    ...route,
    url: '/api/auth/mfa/disable',
    summary: 'Take the second factor away',
    body: mfaDisableRequest,
    responses: { 200: { description: 'Taken away.', schema: done } },
    handler: async ({ principal, body }) => {
      await takeSecondFactorAway(context, principal, body)
      return { done: true }
    },
  })

  defineRoute(app, {
    ...route,
    url: '/api/auth/mfa/backup-codes',
    summary: 'New backup codes in place of all earlier ones',
    body: mfaDisableRequest,
    responses: { 200: { description: 'Backup codes, shown once.', schema: backupCodes } },
    handler: async ({ principal, body }) => {
      return await renewOwnBackupCodes(context, principal, body)
    },
  })
}

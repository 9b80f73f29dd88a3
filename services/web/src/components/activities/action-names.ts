import type { Action } from '@askwire/contracts'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'

/** The contract's list, whose module a browser can not load; the type keeps it whole. */
const KNOWN: Record<Action, true> = {
  'account.register': true,
  'account.claim': true,
  'account.update': true,
  'account.password_change': true,
  'account.password_forgot': true,
  'account.password_reset': true,
  'account.mfa_enable': true,
  'account.mfa_disable': true,
  'account.backup_codes': true,
  'account.oidc_link': true,
  'account.oidc_unlink': true,
  'account.erase': true,
  'login.success': true,
  'login.failure': true,
  'login.end': true,
  'login.refresh_reuse': true,
  'token.create': true,
  'token.delete': true,
  'token.refused': true,
  'user.update': true,
  'user.logins_end': true,
  'role.create': true,
  'role.update': true,
  'role.delete': true,
  'group.create': true,
  'group.update': true,
  'group.delete': true,
  'group.member_add': true,
  'group.member_remove': true,
  'tenant.create': true,
  'tenant.update': true,
  'invitation.create': true,
  'invitation.accept': true,
  'invitation.revoke': true,
  'session.create': true,
  'session.update': true,
  'session.delete': true,
  'session.erase': true,
  'session.import': true,
  'session.export': true,
  'session.fork': true,
  'session.member_add': true,
  'session.member_remove': true,
  'session.leave': true,
  'share.create': true,
  'share.delete': true,
  'session.restore': true,
  'folder.create': true,
  'folder.update': true,
  'folder.delete': true,
  'message.edit': true,
  'message.regenerate': true,
  'message.delete': true,
  'feedback.create': true,
  'feedback.delete': true,
  'queue.reorder': true,
  'queue.update': true,
  'queue.delete': true,
  'document.create': true,
  'document.update': true,
  'document.delete': true,
  'setting.update': true,
  'activities.clear': true,
  'dead_letter.replay': true,
}

/** Everything that is recorded, in the contract's order. */
export const ACTIONS = Object.keys(KNOWN) as Action[]

/** The name of an action in the page's language. One this page does not know yet is shown as it is called. */
export function useActionName(): (action: Action) => string {
  const { t } = useTranslation()
  return useCallback((action) => t(`actions.${action}`, { defaultValue: action }), [t])
}

import { folderRequest, folderView, type Scope, tagCount } from '@askwire/contracts'
import { createFolder, deleteFolder, listFolders, listTags, renameFolder } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { GatewayContext } from '../context.ts'
import { actorOf } from '../principal.ts'
import { folderParams } from './params.ts'
import { defineRoute } from './route.ts'

/** `/api/folders` and `/api/tags`: what orders one's own sessions. */
export function folderRoutes(app: FastifyInstance, { store, notices }: GatewayContext): void {
  /** Of no session: the lists are loaded again. */
  const changed = ({ userId }: Pick<Scope, 'userId'>): void => notices.tell(userId, { event: 'session.updated' })

  defineRoute(app, {
    method: 'GET',
    url: '/api/folders',
    access: 'chat.read',
    tag: 'folders',
    summary: 'My folders by name, with how many sessions are in each',
    responses: { 200: { description: 'All of them.', schema: z.object({ items: z.array(folderView) }) } },
    handler: async ({ scope }) => ({ items: await listFolders(store, scope) }),
  })

  defineRoute(app, {
    method: 'POST',
    url: '/api/folders',
    creates: {},
    access: 'chat.ask',
    tag: 'folders',
    summary: 'Make a folder',
    body: folderRequest,
    responses: { 201: { description: 'The new folder.', schema: folderView } },
    handler: async ({ principal, body, reply }) => {
      const folder = await createFolder(store, actorOf(principal), body)
      changed(principal)
      return await reply.code(201).send(folder)
    },
  })

  const one = { url: '/api/folders/:folderId', access: 'chat.ask', tag: 'folders', params: folderParams } as const

  defineRoute(app, {
    ...one,
    method: 'PATCH',
    summary: 'Rename a folder',
    body: folderRequest,
    responses: { 200: { description: 'The folder as it is now.', schema: folderView } },
    handler: async ({ principal, params, body }) => {
      const folder = await renameFolder(store, actorOf(principal), params.folderId, body)
      changed(principal)
      return folder
    },
  })

  defineRoute(app, {
    ...one,
    method: 'DELETE',
    summary: 'Delete a folder; its sessions stay, in none',
    responses: { 204: { description: 'It is gone.' } },
    handler: async ({ principal, params, reply }) => {
      await deleteFolder(store, actorOf(principal), params.folderId)
      changed(principal)
      return await reply.code(204).send()
    },
  })

  defineRoute(app, {
    method: 'GET',
    url: '/api/tags',
    access: 'chat.read',
    tag: 'folders',
    summary: 'My tags with how many sessions have each, the most used first',
    responses: { 200: { description: 'Up to a thousand.', schema: z.object({ items: z.array(tagCount) }) } },
    handler: async ({ scope }) => ({ items: await listTags(store, scope) }),
  })
}

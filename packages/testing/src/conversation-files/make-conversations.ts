/** Formats that files of conversations can be made in, as the products export them. */
export const FILE_FORMATS = ['chatgpt', 'claude', 'librechat', 'open-webui'] as const
export type FileFormat = (typeof FILE_FORMATS)[number]

const id = (kind: number, at: number, message = 0): string =>
  `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${(at * 1000 + message).toString(16).padStart(12, '0')}`
const START = Date.UTC(2024, 0, 1)
const iso = (at: number, message = 0): string => new Date(START + at * 60_000 + message * 1000).toISOString()
const seconds = (at: number, message = 0): number => START / 1000 + at * 60 + message
const question = (at: number): string => `Question ${at}: 灯塔 “how” \\ does\nit burn?`
const answer = (at: number, branch = 0): string => `Answer ${at}.${branch}: by oil. `.repeat(5)

/** Conversation `at` of a file: a question with two answers, the second one open, and a question below it. */
export function makeConversation(format: FileFormat, at: number): unknown {
  return MAKERS[format](at)
}

/** A file of `count` conversations as its product exports it. */
export function conversationsFile(format: FileFormat, count: number): string {
  return JSON.stringify(Array.from({ length: count }, (_one, at) => makeConversation(format, at)))
}

const MAKERS: Record<FileFormat, (at: number) => unknown> = {
  chatgpt: (at) => {
    const node = (n: number, parent: number | null, role: string, text: string, children: number[]) => ({
      id: id(1, at, n),
      parent: parent === null ? null : id(1, at, parent),
      children: children.map((child) => id(1, at, child)),
      message: {
        id: id(1, at, n),
        author: { role },
        recipient: 'all',
        create_time: seconds(at, n),
        content: { content_type: 'text', parts: [text] },
        metadata: { model_slug: 'gpt-x' },
      },
    })
    const nodes = [
      { ...node(0, null, 'system', '', [1]), message: null },
      node(1, 0, 'user', question(at), [2, 3]),
      node(2, 1, 'assistant', answer(at), []),
      node(3, 1, 'assistant', answer(at, 1), [4]),
      node(4, 3, 'user', 'And then?', []),
    ]
    return {
      title: `Title ${at}`,
      conversation_id: id(1, at),
      create_time: seconds(at),
      update_time: seconds(at, 30),
      current_node: id(1, at, 4),
      mapping: Object.fromEntries(nodes.map((one) => [one.id, one])),
    }
  },
  claude: (at) => {
    const said = (n: number, parent: number | null, sender: string, text: string) => ({
      uuid: id(2, at, n),
      parent_message_uuid: parent === null ? '00000000-0000-4000-8000-000000000000' : id(2, at, parent),
      sender,
      text,
      content: [{ type: 'text', text }],
      created_at: iso(at, n),
    })
    return {
      uuid: id(2, at),
      name: `Title ${at}`,
      created_at: iso(at),
      updated_at: iso(at, 30),
      account: { uuid: id(2, 0) },
      chat_messages: [
        said(1, null, 'human', question(at)),
        said(2, 1, 'assistant', answer(at)),
        said(3, 1, 'assistant', answer(at, 1)),
        said(4, 3, 'human', 'And then?'),
      ],
    }
  },
  librechat: (at) => {
    const said = (n: number, parent: number | null, isCreatedByUser: boolean, text: string) => ({
      messageId: id(3, at, n),
      parentMessageId: parent === null ? '00000000-0000-0000-0000-000000000000' : id(3, at, parent),
      isCreatedByUser,
      sender: isCreatedByUser ? 'User' : 'Model',
      text,
      createdAt: iso(at, n),
      model: 'model-x',
      ...(n === 3 && { feedback: { rating: 'thumbsUp', text: 'Good' } }),
    })
    return {
      conversationId: id(3, at),
      endpoint: 'openAI',
      title: `Title ${at}`,
      exportAt: '2025-01-01',
      tags: ['Work'],
      messages: [
        said(1, null, true, question(at)),
        said(2, 1, false, answer(at)),
        said(3, 1, false, answer(at, 1)),
        said(4, 3, true, 'And then?'),
      ],
    }
  },
  'open-webui': (at) => {
    const said = (n: number, parent: number | null, role: string, content: string) => ({
      id: id(4, at, n),
      parentId: parent === null ? null : id(4, at, parent),
      childrenIds: [],
      role,
      content,
      timestamp: seconds(at, n),
      ...(role === 'assistant' && { model: 'model-x', done: true }),
      ...(n === 3 && { annotation: { rating: 1, comment: 'Good' } }),
    })
    const messages = [
      said(1, null, 'user', question(at)),
      said(2, 1, 'assistant', answer(at)),
      said(3, 1, 'assistant', answer(at, 1)),
      said(4, 3, 'user', 'And then?'),
    ]
    return {
      id: id(4, at),
      title: `Title ${at}`,
      created_at: seconds(at),
      updated_at: seconds(at, 30),
      pinned: at === 0,
      meta: { tags: ['work'] },
      chat: {
        title: `Title ${at}`,
        history: { currentId: id(4, at, 4), messages: Object.fromEntries(messages.map((one) => [one.id, one])) },
      },
    }
  },
}

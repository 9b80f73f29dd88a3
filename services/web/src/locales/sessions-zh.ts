import type { sessionsEn } from './sessions-en.ts'

/** The texts of lists, search and what is done to sessions, in Simplified Chinese. */
export const sessionsZh: typeof sessionsEn = {
  sessions: {
    list: '会话列表',
    none: '您的提问会列在这里。',
    noneHere: '这里没有内容。',
    search: '搜索会话',
    found: '搜索结果',
    nothingFound: '没有找到。',
    shown: '显示的会话',
    filter: { open: '全部会话', archived: '已归档', trash: '已删除' },
    folder: '文件夹',
    folders: '文件夹',
    noFolder: '无文件夹',
    newFolder: '新建文件夹…',
    folderName: '新文件夹的名称',
    tags: '标签',
    tagsHint: '用逗号分隔。',
    title: '会话名称',
    pinned: '已置顶',
    unread: '有新回答',
    actions: '“{{title}}”的操作',
    organise: '文件夹和标签',
    deleted: '“{{title}}”已删除。',
    undo: '撤销',
    action: {
      rename: '重命名',
      pin: '置顶',
      unpin: '取消置顶',
      organise: '文件夹和标签…',
      archive: '归档',
      unarchive: '取消归档',
      delete: '删除',
      restore: '恢复',
    },
  },
  sessionsFailure: {
    invalid_request: '服务器未接受此更改。',
    not_found: '该会话已不存在。',
    conflict: '已有同名文件夹。',
  },
}

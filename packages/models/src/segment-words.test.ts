import { describe, expect, test } from '@jest/globals'
import { segmentWords } from './segment-words.ts'

describe('segmentWords', () => {
  test.each([
    ['What does the Worker do?', ['what', 'does', 'the', 'worker', 'do']],
    ['node.js 24.1 and question_queue', ['node', 'js', '24', '1', 'and', 'question', 'queue']],
    ["a worker's self-hosted queue", ['a', "worker's", 'self', 'hosted', 'queue']],
    ['问题在队列中等待。', ['问题', '在', '队列', '中', '等待']],
    ['用Redis保存事件', ['用', 'redis', '保存', '事件']],
    ['ＦＵＬＬ　ｗｉｄｔｈ', ['full', 'width']],
    ['', []],
    ['— … !', []],
  ])('%p', (text, words) => {
    expect(segmentWords(text)).toEqual(words)
  })
})

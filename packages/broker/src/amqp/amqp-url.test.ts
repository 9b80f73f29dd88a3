import { describe, expect, test } from '@jest/globals'
import { withHeartbeat } from './amqp-url.ts'

describe('withHeartbeat', () => {
  test('puts the heartbeat into the URL and keeps the rest', () => {
    expect(withHeartbeat('amqp://u:p%2F@h:5672/my%2Fvhost?frameMax=8192', 10)).toBe(
      'amqp://u:p%2F@h:5672/my%2Fvhost?frameMax=8192&heartbeat=10',
    )
  })

  test('leaves a heartbeat that the operator chose', () => {
    expect(withHeartbeat('amqps://h/?heartbeat=3', 10)).toBe('amqps://h/?heartbeat=3')
  })

  test.each(['secret-without-scheme', 'http://u:secret@h', 'amqp://u:secret@h:port'])(
    'refuses %s without repeating it',
    (url) => {
      expect(() => withHeartbeat(url, 10)).toThrow(TypeError)
      expect(() => withHeartbeat(url, 10)).not.toThrow(/secret/)
    },
  )
})

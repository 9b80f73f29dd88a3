/** What an operator should be able to count: the broker came, went, or took something away. */
export type BrokerEvent =
  | { kind: 'connected' | 'disconnected' | 'blocked' | 'unblocked'; connection: string }
  | { kind: 'channel_lost' | 'consumer_cancelled'; channel: string }
  | { kind: 'topology_differs'; name: string }

export type OnBrokerEvent = (event: BrokerEvent) => void

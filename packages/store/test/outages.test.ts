import { createDatabase, serversOrSkip } from '@askwire/testing'
import { describeOutages } from './suites/outages.suite.ts'

const servers = serversOrSkip()

describeOutages(() => createDatabase(servers))

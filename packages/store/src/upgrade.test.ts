import { describeUpgrade } from '../test/suites/upgrade.suite.ts'
import { IN_MEMORY } from './open-embedded.ts'
import { openStore } from './open-store.ts'

describeUpgrade('the embedded store', () => openStore({ dataDir: IN_MEMORY }))

import { useState } from 'react'
import { arrivalError } from '../../state/arrival-error.ts'
import { FailureAlert } from '../failure-alert.tsx'

/** Says why the provider's sign-in did not work, when that is how one came here. */
export function ArrivalAlert() {
  const [open, setOpen] = useState(true)
  return <FailureAlert failure={open ? arrivalError() : null} area="oidcFailure" onDismiss={() => setOpen(false)} />
}

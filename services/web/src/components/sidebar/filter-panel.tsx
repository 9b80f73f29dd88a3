import { CloseOutlined, FilterFilled, FilterOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type KeyboardEvent, type ReactNode, type RefObject, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

export type FilterPanelState = {
  id: string
  open: boolean
  toggle: RefObject<HTMLButtonElement | null>
  setOpen(open: boolean): void
}

/** Whether the fields that narrow a list are on show, and what shows them. */
export function useFilterPanel(): FilterPanelState {
  const [open, setOpen] = useState(false)
  return { id: useId(), open, toggle: useRef(null), setOpen }
}

type FilterToggleProps = { panel: FilterPanelState; label: string; active: boolean }

/** The one small button by which a list is sorted and filtered. */
export function FilterToggle({ panel, label, active }: FilterToggleProps) {
  const { id, open, toggle, setOpen } = panel
  return (
    <Button
      ref={toggle}
      size="small"
      type="text"
      className={active ? 'filter-toggle active' : 'filter-toggle'}
      icon={active ? <FilterFilled /> : <FilterOutlined />}
      aria-label={label}
      title={label}
      aria-expanded={open}
      aria-controls={id}
      onClick={() => setOpen(!open)}
    />
  )
}

type FilterPanelProps = {
  panel: FilterPanelState
  label: string
  /** What is chosen, in words. */
  chosen: readonly string[]
  onClear(): void
  /** The fields. */
  children: ReactNode
}

/** What a list is narrowed to, in one line that clears it by one press; and above it, when they are on show, the fields. Escape closes them. */
export function FilterPanel({ panel, label, chosen, onClear, children }: FilterPanelProps) {
  const { t } = useTranslation()
  const { id, open, toggle, setOpen } = panel
  const clear = (): void => {
    onClear()
    // The button that was pressed is gone.
    toggle.current?.focus()
  }
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    event.preventDefault()
    setOpen(false)
    toggle.current?.focus()
  }
  return (
    <>
      <fieldset id={id} className="filter-panel" aria-label={label} hidden={!open} onKeyDown={onKey}>
        {open && children}
      </fieldset>
      {chosen.length > 0 && (
        <div className="filter-chosen">
          <span role="status">{chosen.join(' · ')}</span>
          <Button size="small" type="text" icon={<CloseOutlined />} onClick={clear}>
            {t('filters.clear')}
          </Button>
        </div>
      )}
    </>
  )
}

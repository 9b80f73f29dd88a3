import { UploadOutlined } from '@ant-design/icons'
import type { JobView } from '@askwire/contracts'
import { Button } from 'antd'
import { type DragEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { uploadImport } from '../../../api/upload-import.ts'
import { useAction } from '../../../hooks/use-action.ts'
import { FailureAlert } from '../../failure-alert.tsx'

type Sent = { name: string; done: boolean; share: number }

/** Takes the file of an export, by choosing or dropping it, and says how much of it has been sent. */
export function ImportPanel({ onBegun }: { onBegun(job: JobView): void }) {
  const { t, i18n } = useTranslation()
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const upload = useRef<AbortController>(undefined)
  const [sent, setSent] = useState<Sent>()
  const [over, setOver] = useState(false)
  const { busy, failure, run, dismiss } = useAction()
  useEffect(() => () => upload.current?.abort(), [])

  const send = async (file: File): Promise<void> => {
    const { name, size } = file
    upload.current = new AbortController()
    setSent({ name, done: false, share: 0 })
    const ok = await run(async () =>
      onBegun(
        await uploadImport(file, {
          signal: upload.current?.signal ?? AbortSignal.abort(),
          onProgress: (bytes) => setSent({ name, done: false, share: size === 0 ? 1 : Math.min(1, bytes / size) }),
        }),
      ),
    )
    setSent(ok ? { name, done: true, share: 1 } : undefined)
  }
  const take = (files: FileList | null): void => {
    const file = files?.[0]
    if (file && !busy) void send(file)
  }
  const drag = (isOver: boolean) => (event: DragEvent) => {
    event.preventDefault()
    setOver(isOver)
  }
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(sent?.share ?? 0)
  return (
    <section className="panel" aria-label={t('data.importTitle')}>
      <h2>{t('data.importTitle')}</h2>
      <p className="note">{t('data.importNote')}</p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button in it does the same by keyboard */}
      <div
        className={over ? 'drop over' : 'drop'}
        onDragOver={drag(true)}
        onDragLeave={drag(false)}
        onDrop={(event) => {
          drag(false)(event)
          take(event.dataTransfer.files)
        }}
      >
        <input
          ref={field}
          id={id}
          type="file"
          className="visually-hidden"
          tabIndex={-1}
          aria-label={t('data.file')}
          accept=".zip,.json,application/zip,application/json"
          onChange={({ target }) => {
            take(target.files)
            // The same file can be chosen again.
            target.value = ''
          }}
        />
        <Button icon={<UploadOutlined />} disabled={busy} onClick={() => field.current?.click()}>
          {t('data.choose')}
        </Button>
        <span className="drop-hint">{t('data.drop')}</span>
      </div>
      {sent && !sent.done && (
        <div className="sending">
          <progress value={sent.share} aria-label={t('data.file')} />
          <span>{t('data.sending', { name: sent.name, percent })}</span>
          <Button size="small" onClick={() => upload.current?.abort()}>
            {t('data.stop')}
          </Button>
        </div>
      )}
      <p className="note" role="status">
        {sent?.done && t('data.accepted', { name: sent.name })}
      </p>
      <FailureAlert failure={failure} area="dataFailure" onDismiss={dismiss} />
    </section>
  )
}

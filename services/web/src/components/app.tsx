import { XProvider } from '@ant-design/x'
import { theme as antTheme } from 'antd'
import { useMemo } from 'react'
import { useMedia } from '../hooks/use-media.ts'
import { useTheme } from '../hooks/use-theme.ts'
import { PageRouter } from './page-router.tsx'

const FONT =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"

/** Two Chinese letters on a button stay one word, also to those who hear it. */
const BUTTON = { autoInsertSpace: false }

/** The page with its theme. */
export function App() {
  const { dark } = useTheme()
  const still = useMedia('(prefers-reduced-motion: reduce)')
  const theme = useMemo(
    () => ({
      algorithm: dark ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
      token: {
        colorPrimary: dark ? '#6d94ff' : '#2f5bd8',
        colorBgBase: dark ? '#14161b' : '#ffffff',
        colorTextBase: dark ? '#e7e9ee' : '#1b1f29',
        colorLink: dark ? '#8aa9ff' : '#2f5bd8',
        colorTextPlaceholder: dark ? '#8b94a6' : '#6b7383',
        borderRadius: 10,
        fontFamily: FONT,
        fontSize: 15,
        motion: !still,
      },
      components: { Segmented: { trackBg: 'var(--bg-soft)' } },
    }),
    [dark, still],
  )
  return (
    <XProvider theme={theme} button={BUTTON}>
      <PageRouter />
    </XProvider>
  )
}

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { root } from '../workspace/files.mjs'

/**
 * Compares the API report of one entry (`etc/<report>.api.md`) with what the built declarations say.
 *
 * @param {import('./entries.mjs').Entry} entry
 * @param {{ update: boolean }} options update: write the report instead of refusing a difference
 * @returns {{ changed: boolean, problems: string[] }}
 */
export function extract({ folder, types, report }, { update }) {
  mkdirSync(join(folder, 'etc'), { recursive: true })
  const config = ExtractorConfig.prepare({
    configObject: {
      ...ExtractorConfig.loadFile(join(root, 'api-extractor.json')),
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, types),
      compiler: { tsconfigFilePath: join(folder, 'tsconfig.json') },
      apiReport: {
        enabled: true,
        reportFileName: report,
        reportFolder: join(folder, 'etc'),
        reportTempFolder: join(folder, 'dist', '.api'),
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
  })
  /** @type {string[]} */
  const problems = []
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: update,
    messageCallback: message => {
      message.handled = true
      if (message.logLevel !== ExtractorLogLevel.Error || isInherited(message)) return
      const place = message.sourceFilePath
        ? `${message.sourceFilePath.replace(root, '')}:${message.sourceFileLine} `
        : ''
      problems.push(`${place}(${message.messageId}) ${message.text}`)
    },
  })
  return { changed: apiReportChanged, problems }
}

/**
 * `name` of an error class says nothing that Error does not document.
 *
 * @param {{ messageId: string, text: string }} message
 */
function isInherited({ messageId, text }) {
  return messageId === 'ae-undocumented' && text.includes('"name"')
}

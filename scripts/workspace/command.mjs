import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { root } from './files.mjs'

/**
 * Runs a program to its end. A code other than 0 is a result, not an exception.
 *
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>}
 */
export function command(program, args) {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd: root, maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error)
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr })
    })
  })
}

/**
 * Runs a program that a development dependency brings.
 *
 * @param {string} name
 * @param {string[]} args
 */
export function tool(name, args) {
  return command(join(root, 'node_modules', '.bin', name), args)
}

/** @param {string} text */
export function lines(text) {
  return text.split('\n').filter(line => line.trim() !== '')
}

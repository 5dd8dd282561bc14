import 'reflect-metadata'
import { Container, type ContainerModule, type ServiceIdentifier } from 'inversify'
import type { Injectable } from './token.js'

/** The services of an app. @internal */
export interface Services {
  /** True when something is bound to it. */
  has(service: Injectable): boolean
  /** The service, as its binding's scope says. */
  get(service: Injectable): unknown
  /** Runs the deactivation of what was made. */
  dispose(): Promise<void>
}

/** Loads inversify modules into a container of this app's own. @internal */
export async function loadServices(modules: readonly ContainerModule[]): Promise<Services> {
  const container = new Container()
  if (modules.length > 0) await container.loadAsync(...modules)
  return {
    has: service => container.isBound(service as ServiceIdentifier),
    get: service => container.get(service as ServiceIdentifier),
    dispose: () => container.unbindAllAsync(),
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ArgumentParser
import CLinux
import Controller
import Foundation
import Logging
import ServiceFiles
import ServiceLifecycle
import Storage
import UnixSignals

@main
struct ControllerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "isthmus-controller",
    abstract: "Keeps services on one public IP, whichever of their regions lives.",
    discussion: "Speaks OpenFlow to switches, listens to the regions' agents, and serves an API.",
    version: Product.version)

  @Option(name: .long, help: "The configuration; applied at start and whenever the file changes.")
  var config = "/etc/isthmus/isthmus.yaml"

  @Option(name: .long, help: "trace, debug, info, notice, warning, error or critical.")
  var logLevel = "info"

  func validate() throws {
    guard Logger.Level(rawValue: self.logLevel) != nil else {
      let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--log-level \(self.logLevel): accepted are \(levels)")
    }
  }

  func run() async throws {
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    var logger = Logger(label: "isthmus-controller")
    logger.logLevel = Logger.Level(rawValue: self.logLevel) ?? .info
    clinux_raise_descriptor_limit()
    do {
      let controller = try ControllerService(configuration: self.config, logger: logger)
      let group = ServiceGroup(
        configuration: ServiceGroupConfiguration(
          services: [.init(service: controller, successTerminationBehavior: .gracefullyShutdownGroup)],
          gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
      try await group.run()
    } catch let error as ServiceFileErrors {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      throw ExitCode(EX_CONFIG)
    } catch let error as StoreError {
      // What the settings say of it; that it is away ends nothing.
      FileHandle.standardError.write(Data("error[store]: \(self.config): \(error)\n".utf8))
      throw ExitCode(EX_CONFIG)
    }
  }
}

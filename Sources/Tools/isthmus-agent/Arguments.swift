// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ArgumentParser
import Logging
import ServiceModel

/// Readers of arguments that say what is accepted.
enum Arguments {
  static func region(_ text: String) throws -> RegionName {
    guard let name = RegionName(text) else {
      throw ValidationError("'\(text)' is no region's name; accepted are \(RegionName.accepted)")
    }
    return name
  }

  static func instance(_ text: String) throws -> InstanceName {
    guard let name = InstanceName(text) else {
      throw ValidationError("'\(text)' is no instance's name; accepted are \(InstanceName.accepted)")
    }
    return name
  }

  static func controller(_ text: String) throws -> SocketEndpoint {
    guard let endpoint = SocketEndpoint(text), endpoint.address.family == .v4, endpoint.port != 0 else {
      throw ValidationError("'\(text)' is not where a controller is; accepted is ADDRESS:PORT, such as 192.0.2.1:6654")
    }
    return endpoint
  }

  static func listen(_ text: String) throws -> SocketEndpoint {
    guard let endpoint = SocketEndpoint(text), endpoint.address.family == .v4 else {
      throw ValidationError("'\(text)' is nothing to listen to; accepted is ADDRESS:PORT, such as 0.0.0.0:6655")
    }
    return endpoint
  }

  static func logLevel(_ text: String) throws -> Logger.Level {
    guard let level = Logger.Level(rawValue: text) else {
      let accepted = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("'\(text)' is no log level; accepted are \(accepted)")
    }
    return level
  }
}

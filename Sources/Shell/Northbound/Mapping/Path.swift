// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Where the API's resources are.
enum Path {
  static let configuration = "/v1/configuration"
  static let flows = "/v1/flows"
  static let massFailure = "/v1/mass-failure"
  static func service(_ name: String) -> String { "/v1/services/\(name)" }
  static func region(_ name: String) -> String { "/v1/regions/\(name)" }
  static func `switch`(_ nameOrDatapath: String) -> String { "/v1/switches/\(nameOrDatapath)" }
}

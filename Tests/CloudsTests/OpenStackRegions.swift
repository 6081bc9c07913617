// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Clouds
import Foundation
import Glibc
import LabKit
import Outbound
import Testing

/// Two regions of real OpenStack, each a Keystone and a Neutron, for as long as a suite's tests run.
struct OpenStackRegions: SuiteTrait, TestScoping {
  static let environment = "/opt/isthmus-lab/openstack"
  static let state = "/var/tmp/isthmus-openstack-tests"

  /// Where they can run, or where they must.
  static let shouldRun =
    FileManager.default.isExecutableFile(atPath: environment + "/bin/neutron-db-manage") && geteuid() == 0
    || getenv("ISTHMUS_REQUIRE").map { String(cString: $0) } == "lab"

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    try await Self.script("down", "wipe")
    do {
      try await Self.script("up")
      try await Self.script("seed")
      try await function()
    } catch {
      try await Self.script("down", "wipe")
      throw error
    }
    try await Self.script("down", "wipe")
  }

  /// Of this source file, up to the project.
  private static let project = String(#filePath.split(separator: "/Tests/")[0])

  @discardableResult
  static func script(_ words: String...) async throws -> String {
    let words = ["env", "ISTHMUS_OPENSTACK=\(self.state)", "bash", self.project + "/scripts/openstack-regions"] + words
    return try await Command(words).runSuccessfully(timeout: .seconds(240))
  }

  /// With the client that OpenStack has itself.
  @discardableResult
  static func python(_ code: String) async throws -> String {
    let words = [
      "env", "OS_CLIENT_CONFIG_FILE=\(self.state)/clouds.yaml", self.environment + "/bin/python", "-I", "-c",
      "import openstack\nr1, r2, admin = (openstack.connect(cloud=c) for c in ('r1', 'r2', 'r1-admin'))\n" + code,
    ]
    return try await Command(words).runSuccessfully(timeout: .seconds(60))
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  static func isthmus(_ words: String..., timeout: Duration = .seconds(60)) async throws -> CommandOutput {
    let program = try #require(ExecutablePath.ofProduct("isthmus", override: nil))
    return try await Command(["env", "OS_CLIENT_CONFIG_FILE=\(self.state)/clouds.yaml", program, "openstack"] + words)
      .run(timeout: timeout)
  }

  static func access(to cloud: String) throws -> CloudAccess {
    try CloudsFile.access(to: cloud, environment: ["OS_CLIENT_CONFIG_FILE": self.state + "/clouds.yaml"])
  }
}

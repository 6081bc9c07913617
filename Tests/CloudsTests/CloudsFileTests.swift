// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Clouds
import Foundation
import Glibc
import Testing

@Suite struct CloudsFileTests {
  /// Writes files into a folder of its own, and reads a cloud of them.
  private func access(
    _ cloud: String?, _ files: [String: String], _ environment: CloudsFile.Environment = [:]
  ) throws -> CloudAccess {
    let folder = FileManager.default.temporaryDirectory.path + "/clouds-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: folder + "/" + name)) }
    return try CloudsFile.access(to: cloud, environment: environment, folder: folder)
  }

  private static let lisbon = """
    clouds:
      lisbon:
        region_name: RegionOne
        interface: internal
        auth:
          auth_url: https://keystone.example.org:5000
          username: demo
          project_name: web
          user_domain_name: Users
      porto:
        auth_type: v3applicationcredential
        auth: {auth_url: "http://h:5000/v3/", application_credential_id: abc}

    """

  @Test func `a password comes from secure yaml, as it is written there`() throws {
    let access = try self.access(
      "lisbon", ["clouds.yaml": Self.lisbon, "secure.yaml": "clouds: {lisbon: {auth: {password: 0123}}}"])
    #expect(access.authURL == "https://keystone.example.org:5000/v3")
    #expect(access.region == "RegionOne")
    #expect(access.interface == "internal")
    #expect(access.title == "lisbon (RegionOne)")
    let user = CloudAccess.Name(id: nil, name: "demo", domainID: nil, domainName: "Users")
    let project = CloudAccess.Name(id: nil, name: "web", domainID: "default", domainName: nil)
    #expect(access.identity == .password(user: user, password: "0123", project: project))
  }

  @Test func `an application credential needs nothing but itself`() throws {
    let access = try self.access(
      "porto",
      [
        "clouds.yaml": Self.lisbon,
        "secure.yaml": "clouds: {porto: {auth: {application_credential_secret: s3}}}",
      ])
    #expect(access.authURL == "http://h:5000/v3")
    #expect(access.identity == .applicationCredential(id: "abc", name: nil, user: nil, secret: "s3"))
  }

  @Test func `the environment is a cloud of its own`() throws {
    let access = try self.access(
      nil, [:],
      [
        "OS_AUTH_URL": "http://h:5000/v2.0", "OS_USERNAME": "u", "OS_PASSWORD": "p", "OS_PROJECT_NAME": "q",
        "OS_REGION_NAME": "R", "OS_INTERFACE": "publicURL",
      ])
    #expect(access.authURL == "http://h:5000/v3")
    #expect(access.region == "R")
    #expect(access.interface == "public")
  }

  @Test func `what is missing is said with the file and the key`() throws {
    let wrong: [(String?, [String: String], String)] = [
      ("lisbon", [:], "no clouds.yaml was found"), ("lisbon", ["clouds.yaml": "x: 1"], "it has no 'clouds'"),
      ("nobody", ["clouds.yaml": Self.lisbon], "has no such cloud"),
      (nil, ["clouds.yaml": Self.lisbon], "has 2 clouds, and none was chosen"),
      ("lisbon", ["clouds.yaml": Self.lisbon], "does not say 'auth: password'"),
      ("porto", ["clouds.yaml": Self.lisbon], "does not say 'auth: application_credential_secret'"),
      ("a", ["clouds.yaml": "clouds: {a: {profile: rackspace}}"], "profile 'rackspace'"),
      ("a", ["clouds.yaml": "clouds: {a: {auth: {auth_url: x}, auth_type: v3oidc}}"], "its auth_type is 'v3oidc'"),
    ]
    for (cloud, files, text) in wrong {
      do {
        _ = try self.access(cloud, files)
        Issue.record("\(text): it was taken")
      } catch let error as CloudError {
        #expect(error.kind == .configuration)
        #expect("\(error)".contains(text), "\(error)")
        #expect(!"\(error)".contains("s3"))
      }
    }
  }
}

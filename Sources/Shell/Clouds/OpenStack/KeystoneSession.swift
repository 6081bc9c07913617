// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Outbound

/// A token of Keystone and the catalogue that came with it, renewed before it expires and when a service does not take it.
actor KeystoneSession {
  /// A token is renewed so long before its end.
  static let margin: TimeInterval = 60

  struct Token: Sendable {
    var text: String
    var expires: Date
    var catalogue: Catalogue
  }

  private let access: CloudAccess
  private let http: CloudHTTP
  private var token: Token?
  private var renewal: Task<Result<Token, CloudError>, Never>?

  init(_ access: CloudAccess, _ http: CloudHTTP) {
    self.access = access
    self.http = http
  }

  /// - Parameter refused: one that a service did not take.
  func current(refused: String? = nil) async throws(CloudError) -> Token {
    if let token = self.token, token.text != refused, token.expires.timeIntervalSinceNow > Self.margin { return token }
    // Who asks meanwhile waits for the same.
    let renewal = self.renewal ?? Task { await self.renew() }
    self.renewal = renewal
    let result = await renewal.value
    self.renewal = nil
    let token = try result.get()
    self.token = token
    return token
  }

  private func renew() async -> Result<Token, CloudError> {
    do throws(CloudError) {
      let call = CloudHTTP.Call("POST", "\(self.access.authURL)/auth/tokens")
      let answer = try await self.http.send(call, body: Self.body(self.access), headers: [], mayRepeat: true)
      guard answer.status == 201 || answer.status == 200, let text = answer.fields["x-subject-token"] else {
        throw self.http.failure(answer, to: call)
      }
      let content = try self.http.decode(Answer.self, from: answer, to: call).token
      let expires = (try? Date(content.expires_at, strategy: Self.dates)) ?? Date().addingTimeInterval(600)
      return .success(Token(text: text, expires: expires, catalogue: Catalogue(content.catalog ?? [])))
    } catch {
      return .failure(error)
    }
  }

  private static let dates = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

  private struct Answer: Decodable {
    struct Token: Decodable {
      var expires_at: String
      var catalog: [Catalogue.Service]?
    }

    var token: Token
  }

  // MARK: The request

  private struct Body: Encodable {
    struct Named: Encodable {
      struct Domain: Encodable {
        var id: String?
        var name: String?
      }

      var id: String?
      var name: String?
      var domain: Domain?
      var password: String?

      init(_ name: CloudAccess.Name) {
        self.id = name.id
        guard name.id == nil else { return }
        self.name = name.name
        self.domain = name.domainID.map { Domain(id: $0) } ?? Domain(name: name.domainName)
      }

    }

    struct Password: Encodable { var user: Named }
    struct Credential: Encodable {
      var id: String?
      var name: String?
      var secret: String
      var user: Named?
    }

    struct Identity: Encodable {
      var methods: [String]
      var password: Password?
      var application_credential: Credential?
    }

    struct Scope: Encodable { var project: Named }
    struct Auth: Encodable {
      var identity: Identity
      var scope: Scope?
    }

    var auth: Auth
  }

  private static func body(_ access: CloudAccess) -> Data {
    let auth: Body.Auth
    switch access.identity {
    case .password(let user, let password, let project):
      var named = Body.Named(user)
      named.password = password
      auth = Body.Auth(
        identity: Body.Identity(methods: ["password"], password: Body.Password(user: named)),
        scope: project.map { Body.Scope(project: Body.Named($0)) })
    case .applicationCredential(let id, let name, let user, let secret):
      auth = Body.Auth(
        identity: Body.Identity(
          methods: ["application_credential"],
          application_credential: Body.Credential(
            id: id, name: id == nil ? name : nil, secret: secret, user: id == nil ? user.map { Body.Named($0) } : nil)))
    }
    // Nothing in it cannot be written as JSON.
    return (try? JSONEncoder().encode(Body(auth: auth))) ?? Data()
  }
}

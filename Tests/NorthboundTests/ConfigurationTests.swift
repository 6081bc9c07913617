// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Northbound
import Testing

/// `/v1/configuration` over real connections.
@Suite(.timeLimit(.minutes(1))) struct ConfigurationTests {
  private func post(_ query: String, _ body: String) async throws -> RawAnswer {
    let box = AnswerBox()
    try await RunningServer.with(FixedSurface(view: .healthy)) { server in
      await box.set(
        try await RawAnswer.to(
          "POST /v1/configuration\(query)", at: server.api, headers: ["Content-Length: \(body.utf8.count)"], body: body)
      )
    }
    return try #require(await box.answer)
  }

  @Test func isReadWithWhereItIsFrom() async throws {
    try await RunningServer.with(FixedSurface(view: .healthy)) { server in
      let answer = try await RawAnswer.to("GET /v1/configuration", at: server.api)
      let found = try JSON.decode(ConfigurationResource.self, from: Array(answer.body.utf8))
      #expect(found.revision == 12 && found.controller == "c1" && found.text.hasPrefix("regions"))
    }
  }

  @Test func isPutInThePlaceOfTheOldOne() async throws {
    let answer = try await self.post("?file=a.yaml&revision=12", "regions: []")
    #expect(answer.status == 200)
    let done = try JSON.decode(ConfigurationCommandResource.self, from: Array(answer.body.utf8))
    #expect(done.applied && done.revision == 13 && done.changes == FixedSurface.changes)
    let trial = try await self.post("?dry-run=true", "regions: []")
    #expect(try JSON.decode(ConfigurationCommandResource.self, from: Array(trial.body.utf8)).applied == false)
  }

  @Test(arguments: [
    ("?revision=11", "x", 409, "configuration-conflict", "it has revision 12 now"),
    ("?file=a.yaml", "wrong", 422, "configuration-rejected", "a.yaml:1:1: this is not YAML"),
    ("", "away", 503, "store-unavailable", "etcd is away"),
    ("?revision=new", "x", 400, "bad-query", "'new'"),
    ("?dry-run=1", "x", 400, "bad-query", "neither true nor false"),
  ])
  func isRefused(query: String, body: String, status: Int, code: String, detail: String) async throws {
    let answer = try await self.post(query, body)
    #expect(answer.status == status)
    let problem = try JSON.decode(ProblemResource.self, from: Array(answer.body.utf8))
    #expect(problem.code == code && problem.detail.contains(detail), "\(problem.detail)")
  }

  @Test func mayBeAsLargeAsAFileAndNoLarger() async throws {
    #expect(try await self.post("", String(repeating: "x", count: 9_000_000)).status == 200)
    try await RunningServer.with(FixedSurface(view: .healthy)) { server in
      let refused = try await RawAnswer.to(
        "POST /v1/configuration", at: server.api, headers: ["Content-Length: 10000001"])
      #expect(refused.status == 413)
      let elsewhere = try await RawAnswer.to(
        "POST /v1/regions/north/drain", at: server.api, headers: ["Content-Length: 65537"])
      #expect(elsewhere.status == 413)
      let page = try await RawAnswer.to(
        "POST /v1/configuration", at: server.api, headers: ["Origin: http://example.org"])
      #expect(page.status == 403)
    }
  }
}

private actor AnswerBox {
  var answer: RawAnswer?
  func set(_ answer: RawAnswer) { self.answer = answer }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ControlPlane
import Northbound
import Testing

/// The API over real connections.
@Suite(.timeLimit(.minutes(1))) struct APITests {
  private func problem(_ answer: RawAnswer) throws -> ProblemResource {
    #expect(answer.headers["content-type"] == "application/problem+json")
    #expect(answer.headers["cache-control"] == "no-store")
    let problem = try JSON.decode(ProblemResource.self, from: Array(answer.body.utf8))
    #expect(problem.status == answer.status)
    return problem
  }

  @Test func everyLinkLeadsSomewhere() async throws {
    try await RunningServer.with(FixedSurface(view: .justStarted)) { server in
      let index = try await RawAnswer.to("GET /v1", at: server.api)
      var paths = Array(try JSON.decode(IndexResource.self, from: Array(index.body.utf8)).links.values)
      let status = try await RawAnswer.to("GET /v1/status", at: server.api)
      let resource = try JSON.decode(StatusResource.self, from: Array(status.body.utf8))
      paths += resource.alarms.map(\.href)
      paths += (resource.services + resource.regions + resource.switches).map(\.href)
      // HEAD, because a stream's GET has no end.
      for path in Set(paths) {
        #expect(try await RawAnswer.to("HEAD \(path)", at: server.api).status == 200, "\(path)")
      }
    }
  }

  @Test func switchesAreFoundByNameAndByDatapath() async throws {
    try await RunningServer.with(FixedSurface(view: .justStarted)) { server in
      for id in ["edge", "00:00:50:3e:aa:dc:be:04", "00%3A00%3A50%3A3E%3AAA%3ADC%3ABE%3A04", "0x503eaadcbe04"] {
        let answer = try await RawAnswer.to("GET /v1/switches/\(id)", at: server.api)
        #expect(try JSON.decode(SwitchResource.self, from: Array(answer.body.utf8)).name == "edge")
      }
      let unknown = try await RawAnswer.to("GET /v1/switches/00:00:00:00:00:00:0b:ad", at: server.api)
      #expect(try JSON.decode(SwitchResource.self, from: Array(unknown.body.utf8)).name == nil)
    }
  }

  @Test(arguments: [
    ("GET /v1/services/nope", 404, "unknown-service", "known: web, mail"),
    ("POST /v1/services/nope/failback", 404, "unknown-service", "known: web, mail"),
    ("GET /v1/services/No%20such", 404, "unknown-service", "'No such'"),
    ("GET /v1/regions/nope", 404, "unknown-region", "known: north, south"),
    ("GET /v1/switches/nope", 404, "unknown-switch", "known: edge"),
    ("GET /v2", 404, "unknown-path", "GET /v1"),
    ("GET /", 404, "unknown-path", "GET /v1"),
    ("DELETE /v1/services/web", 405, "wrong-method", "possible: GET, HEAD"),
    ("GET /v1/services/web/failback", 405, "wrong-method", "possible: POST"),
    ("GET /v1/events?limit=0", 400, "bad-query", "1 to 1000"),
    ("GET /v1/events?limit=1001", 400, "bad-query", "1 to 1000"),
    ("GET /v1/events?limit=ten", 400, "bad-query", "'ten'"),
    ("GET /v1/events?after=-1", 400, "bad-query", "'-1'"),
    ("GET /v1/events/stream?after=x", 400, "bad-query", "'x'"),
    ("GET /v1/events?limt=1", 400, "bad-query", "accepted: after, limit"),
    ("GET /v1/events?limit=1&limit=2", 400, "bad-query", "twice"),
  ])
  func refusesAndSaysWhatIsAccepted(request: String, status: Int, code: String, detail: String) async throws {
    try await RunningServer.with(FixedSurface(view: .healthy)) { server in
      let answer = try await RawAnswer.to(request, at: server.api)
      #expect(answer.status == status)
      let problem = try self.problem(answer)
      #expect(problem.code == code)
      #expect(problem.detail.contains(detail), "\(problem.detail)")
    }
  }

  @Test func saysWhichMethodsAreAllowed() async throws {
    try await RunningServer.with(FixedSurface(view: .healthy)) { server in
      let answer = try await RawAnswer.to("PUT /v1/status", at: server.api)
      #expect(answer.headers["allow"] == "GET, HEAD")
    }
  }

  @Test func failbackIsAccepted() async throws {
    try await RunningServer.with(FixedSurface(view: .healthy)) { server in
      let answer = try await RawAnswer.to("POST /v1/services/mail/failback", at: server.api)
      #expect(answer.status == 202)
      #expect(try JSON.decode(FailbackResource.self, from: Array(answer.body.utf8)).accepted)
    }
  }

  @Test func pagesOfEventsJoin() async throws {
    let surface = FixedSurface(view: .healthy)
    surface.events.fill(25)
    try await RunningServer.with(surface) { server in
      var ids: [UInt64] = []
      var after = "0"
      while true {
        let answer = try await RawAnswer.to("GET /v1/events?limit=10&after=\(after)", at: server.api)
        let page = try JSON.decode(EventListResource.self, from: Array(answer.body.utf8))
        guard !page.events.isEmpty else { break }
        ids += page.events.map(\.id)
        after = page.next
      }
      #expect(ids == Array(1...25))
    }
  }

  @Test func agentsFetchSealedBytesAndNothingElse() async throws {
    let nonce = "0123456789abcdef0123456789abcdef"
    try await RunningServer.with(FixedSurface(view: .healthy)) { server in
      let path = "/v1/agents/north/assignment"
      let answer = try await RawAnswer.to("GET \(path)?nonce=\(nonce)", at: server.agents)
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"] == "application/octet-stream")
      #expect(answer.body == "sealed for north and \(nonce)")

      for bad in ["", "?nonce=", "?nonce=\(nonce)0", "?nonce=\(nonce.uppercased())", "?nonce=\(nonce)&x=1"] {
        let refusal = try await RawAnswer.to("GET \(path)\(bad)", at: server.agents)
        #expect(refusal.status == 400, "\(bad)")
      }
      let unknown = try await RawAnswer.to("GET /v1/agents/west/assignment?nonce=\(nonce)", at: server.agents)
      #expect(try self.problem(unknown).code == "unknown-region")
      // What a stranger could learn there.
      #expect(!unknown.body.contains("north"))
      #expect(try await RawAnswer.to("GET /v1/status", at: server.agents).status == 404)
      #expect(try await RawAnswer.to("GET \(path)?nonce=\(nonce)", at: server.api).status == 404)
    }
  }
}

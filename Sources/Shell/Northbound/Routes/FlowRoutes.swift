// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Addressing
import ControlPlane
import EntryText
import HTTPTypes
import Hummingbird
import NIOCore
import OpenFlowText
import StaticEntries

/// Static entries: flows and groups that operators write themselves, beside those of services.
func addFlowRoutes(to router: Router<BasicRequestContext>, _ surface: some ControlSurface) {
  let turn = OneTurn()
  router.resource(
    "\(Path.flows)",
    [
      .get: { request, _ in
        let query = try request.query(accepting: ["switch"])
        let names = await surface.switchNames()
        let datapath = try query["switch"].map { try resolve($0, names) }
        return entriesResponse(await surface.entries(on: datapath), names)
      },
      .post: { request, _ in
        let query = try request.query(accepting: ["prune"])
        let prunes = try query.isTrue("prune")
        let bytes = try await turn.take(if: isLarge(request)) { try await entryBody(of: request) }
        let names = await surface.switchNames()
        var change = EntryChange(puts: try readEntries(bytes, names))
        if prunes {
          let kept = Set(change.puts.map(\.name))
          change.deletes = await surface.entries(on: nil).map(\.entry.name).filter { !kept.contains($0) }
        }
        return try await order(change, surface)
      },
      .delete: { request, _ in
        let query = try request.query(accepting: ["switch", "all"])
        let names = await surface.switchNames()
        if let text = query["switch"] {
          let entries = await surface.entries(on: try resolve(text, names))
          return try await order(EntryChange(deletes: entries.map(\.entry.name)), surface)
        }
        if try query.isTrue("all") {
          return try await order(EntryChange(deletes: await surface.entries(on: nil).map(\.entry.name)), surface)
        }
        let bytes = try await turn.take(if: isLarge(request)) { try await entryBody(of: request) }
        return try await order(EntryChange(deletes: try readNames(bytes)), surface)
      },
    ])

  router.resource(
    "\(Path.flows)/:name",
    [
      .get: { _, context in
        let name = context.name("name")
        let entries = await surface.entries(on: nil)
        guard let found = entries.first(where: { $0.entry.name == name }) else {
          throw Problem.unknown("entry", name, known: entries.map(\.entry.name))
        }
        return jsonResponse(found.text(await surface.switchNames()) + [0x0a])
      },
      .delete: { _, context in
        let name = context.name("name")
        switch await surface.order(EntryChange(deletes: [name]), isLenient: false) {
        case .rejected:
          throw Problem.unknown("entry", name, known: await surface.entries(on: nil).map(\.entry.name))
        case let outcome: return try answer(outcome, to: EntryChange(deletes: [name]))
        }
      },
    ])
}

private func order(_ change: EntryChange, _ surface: some ControlSurface) async throws -> Response {
  try answer(await surface.order(change, isLenient: false), to: change)
}

private func answer(_ outcome: EntryOutcome, to change: EntryChange) throws -> Response {
  switch outcome {
  case .done(let receipt):
    return try .json(
      EntryCommandResource(
        put: change.puts.count, deleted: change.deletes.count,
        refused: receipt.refused.map { .init(name: $0.name, error: $0.error) }, waiting: receipt.waiting))
  case .rejected(let rejections):
    let names = change.deletes + change.puts.map(\.name)
    throw Problem.rejected(
      rejections.map { rejection in
        EntryProblemResource(
          // Deletes of their own begin at 0; beside puts they are the server's, and have no place in the request.
          index: change.puts.isEmpty ? rejection.index : rejection.index - change.deletes.count,
          name: names.indices.contains(rejection.index) ? names[rejection.index] : "", problem: "\(rejection.problem)")
      }, of: names.count)
  case .notLeading:
    throw Problem(
      status: .misdirectedRequest, code: "not-the-leader", detail: "another controller leads by now: ask that one")
  case .notKept(let detail): throw Problem.notKept(detail)
  }
}

// MARK: Bodies

private func isLarge(_ request: Request) -> Bool {
  request.headers[.contentLength].flatMap { Int($0) }.map { $0 > HTTPLimits.commandSize } ?? true
}

private func entryBody(of request: Request) async throws -> [UInt8] {
  do {
    return Array((try await request.body.collect(upTo: HTTPLimits.configurationSize)).readableBytesView)
  } catch is NIOTooManyBytesError {
    throw Problem(
      status: .contentTooLarge, code: "body-too-large",
      detail: "the body has more than \(HTTPLimits.configurationSize) bytes: send the entries in several requests",
      headers: [.connection: "close"])
  }
}

private func scan(_ bytes: [UInt8]) throws -> JSONValue {
  do throws(JSONScanner.Problem) {
    return try JSONScanner.scan(bytes)
  } catch {
    throw Problem(status: .badRequest, code: "not-json", detail: "the body is no JSON: \(error)")
  }
}

/// `{"entries":[…]}`, an array of entries, or one entry.
private func readEntries(_ bytes: [UInt8], _ names: [String: DatapathID]) throws -> [StaticEntry] {
  let body = try scan(bytes)
  let values: [JSONValue]
  switch (body, body["entries"]) {
  case (_, .array(let entries)?): values = entries
  case (.array(let entries), _): values = entries
  case (.object, nil): values = [body]
  default:
    throw Problem(
      status: .badRequest, code: "not-entries",
      detail: "the body is {\"entries\":[…]}, an array of entries, or one entry")
  }
  let reader = EntryReader { names[$0] }
  var entries: [StaticEntry] = []
  var problems: [EntryProblemResource] = []
  entries.reserveCapacity(values.count)
  for (index, value) in values.enumerated() {
    do throws(EntryReader.Problem) {
      entries.append(try reader.entry(value, at: "entries[\(index)]"))
    } catch {
      let name = if case .string(let name)? = value["name"] { name } else { "" }
      problems.append(EntryProblemResource(index: index, name: name, problem: "\(error)"))
    }
  }
  guard problems.isEmpty else { throw Problem.rejected(problems, of: values.count) }
  return entries
}

/// `{"names":["web-1","web-2"]}`
private func readNames(_ bytes: [UInt8]) throws -> [String] {
  let problem = Problem(
    status: .badRequest, code: "no-names",
    detail: "say what is to be deleted: a body as {\"names\":[\"web-1\"]}, or the query switch=NAME or all=true")
  guard !bytes.isEmpty, case .array(let values)? = try scan(bytes)["names"] else { throw problem }
  return try values.map { value in
    guard case .string(let name) = value else { throw problem }
    return name
  }
}

private func resolve(_ text: String, _ names: [String: DatapathID]) throws(Problem) -> DatapathID {
  guard let id = names[text] ?? DatapathID(text) else {
    throw .unknown("switch", text, known: names.keys.sorted())
  }
  return id
}

extension Problem {
  /// Nothing was done, because of these entries.
  fileprivate static func rejected(_ problems: [EntryProblemResource], of count: Int) -> Problem {
    let first = problems.first.map { ($0.name.isEmpty ? "" : "'\($0.name)': ") + $0.problem } ?? ""
    let more = problems.count > 1 ? "; \(problems.count) of \(count) entries are wrong" : ""
    return Problem(
      status: .unprocessableContent, code: "entries-rejected", detail: "nothing was changed: \(first)\(more)",
      entries: Array(problems.prefix(100)))
  }
}

// MARK: Answers

private func jsonResponse(_ bytes: [UInt8]) -> Response {
  var response = Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  response.headers[.contentType] = "application/json"
  response.headers[.cacheControl] = "no-store"
  return response
}

/// An entry a line: there may be many.
private func entriesResponse(_ views: [EntryView], _ names: [String: DatapathID]) -> Response {
  var bytes = Array("{\"entries\":[".utf8)
  for (index, view) in views.enumerated() {
    bytes += (index > 0 ? ",\n" : "\n").utf8
    bytes += view.text(names)
  }
  return jsonResponse(bytes + Array("\n]}\n".utf8))
}

extension EntryView {
  fileprivate func text(_ names: [String: DatapathID]) -> [UInt8] {
    var more: [JSONValue.Member] = []
    if case .flow = self.entry.content {
      let digits = String(self.entry.cookie, radix: 16)
      more.append(.init("cookie", .string("0x" + digits)))
    }
    let (state, detail) = self.state.words
    more.append(.init("state", .string(state)))
    if let detail { more.append(.init("detail", .string(detail))) }
    var bytes: [UInt8] = []
    EntryWriter.write(self.entry, more: more, to: &bytes)
    return bytes
  }
}

extension EntryState {
  /// For machines, and what there is to say beside.
  fileprivate var words: (state: String, detail: String?) {
    switch self {
    case .installed: ("installed", nil)
    case .waiting: ("waiting", nil)
    case .inactive: ("inactive", nil)
    case .refused(let error): ("refused", error)
    case .shadowing(let shadow): ("held-back", "\(shadow)")
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import NIOHTTP1
import OpenFlow
import OpenFlowText
import StaticEntries

/// What Floodlight's static entry pusher does, under its three names.
extension FloodlightService {
  static let bases: Set = ["staticentrypusher", "staticflowpusher", "staticflowentrypusher"]

  /// A request that puts or deletes entries, so that more of them may be on their way at once.
  enum OrderKind { case store, delete }

  func orderKind(of request: FloodlightRequest) -> OrderKind? {
    let path = request.path
    guard !request.hasSlash, path.count >= 3, path[0] == "wm", Self.bases.contains(path[1]), path[2] == "json",
      self.admits(request)
    else { return nil }
    switch (request.method, path.count == 4 ? path[3] : nil) {
    case (.POST, nil) where path.count == 3, (.POST, "store"): return .store
    case (.DELETE, nil) where path.count == 3, (.POST, "delete"): return .delete
    default: return nil
    }
  }

  /// What a request orders, and `reply` with what comes of it; nil: it orders nothing, and `reply` was called.
  func order(
    _ kind: OrderKind, _ request: FloodlightRequest, _ reply: @escaping @Sendable (FloodlightReply) -> Void
  ) -> EntryOrder? {
    switch kind {
    case .store: self.store(request, reply)
    case .delete: self.delete(request, reply)
    }
  }

  // MARK: Store

  private func store(
    _ request: FloodlightRequest, _ reply: @escaping @Sendable (FloodlightReply) -> Void
  ) -> EntryOrder? {
    guard case .object(let members)? = try? JSONScanner.scan(request.body) else {
      self.surface.warn("an entry is no JSON object, and was not taken")
      reply(status("Error! Could not parse flow mod, see log for details."))
      return nil
    }
    let pushed: PushedEntry
    do throws(PushedEntry.Discarded) {
      pushed = try PushedEntry(members)
    } catch {
      reply(status(error.status))
      return nil
    }
    guard let entry = pushed.entry else {
      reply(self.told("Entry pushed", pushed.notes, of: members))
      return nil
    }
    return EntryOrder(EntryChange(puts: [entry])) { outcome in
      var notes = pushed.notes
      switch outcome {
      case .done(let receipt):
        notes += receipt.refused.map { "the switch refuses it, and it is kept: \($0.error)" }
        if !receipt.waiting.isEmpty { notes.append("its switch is not connected: it is installed when it is") }
      case .rejected(let rejections): notes += rejections.map { "it was not taken: \($0.problem)" }
      case .notLeading: notes.append("it was not taken: another controller leads")
      case .notKept(let why): notes.append("it was not taken: \(why)")
      }
      // What is as it should be is nothing but Floodlight's own answer.
      reply(notes.isEmpty ? Self.pushed : self.told("Entry pushed", notes, of: members))
    }
  }

  private static let pushed = status("Entry pushed")

  /// Floodlight's answer, and what it would not have said.
  private func told(_ text: String, _ notes: [String], of members: [JSONValue.Member]) -> FloodlightReply {
    let name = members.first { $0.key.lowercased() == "name" }?.value.text ?? "without a name"
    let detail = notes.joined(separator: "; ")
    self.surface.warn("entry \(name): \(detail)")
    return status(text, detail: detail)
  }

  // MARK: Delete

  private func delete(
    _ request: FloodlightRequest, _ reply: @escaping @Sendable (FloodlightReply) -> Void
  ) -> EntryOrder? {
    guard !request.body.isEmpty else {
      reply(status("Error! No data posted."))
      return nil
    }
    guard case .object(let members)? = try? JSONScanner.scan(request.body) else {
      self.surface.warn("an entry to delete is no JSON object")
      reply(status("Error deleting entry, see log for details"))
      return nil
    }
    let name: String
    switch members.first(where: { $0.key == "name" })?.value {
    case .string(let text)?, .number(let text)?: name = text
    default:
      reply(status("Error deleting entry, no name provided"))
      return nil
    }
    return EntryOrder(EntryChange(deletes: [name])) { outcome in
      let text = "Entry \(name) deleted"
      switch outcome {
      case .done: reply(status(text))
      case .rejected(let rejections):
        reply(self.told(text, rejections.map { "\($0.problem)" }, of: members))
      case .notLeading: reply(self.told(text, ["it was not deleted: another controller leads"], of: members))
      case .notKept(let why): reply(self.told(text, ["it was not deleted: \(why)"], of: members))
      }
    }
  }

  // MARK: List and clear

  func list(_ which: String) async -> FloodlightReply {
    let switches = await self.surface.switches()
    var versions: [DatapathID: ProtocolVersion] = [:]
    for known in switches { versions[known.datapath] = known.version }
    if which.lowercased() == "all" {
      let entries = await self.surface.entries(on: nil)
      return FloodlightReply(EntryListing.text(entries, key: nil, versions: versions).text)
    }
    guard let datapath = DatapathID(which) else {
      return .failure(
        .badRequest,
        "Invalid switch DPID string. Must be a 64-bit value in the form 00:11:22:33:44:55:66:77.")
    }
    let entries = await self.surface.entries(on: datapath)
    return FloodlightReply(EntryListing.text(entries, key: which, versions: versions).text)
  }

  func clear(_ which: String) async -> FloodlightReply {
    let isAll = which.lowercased() == "all"
    let datapath = isAll ? nil : DatapathID(which)
    guard isAll || datapath != nil else {
      return FloodlightReply(
        #"'{"status":"Could not delete flows/groups requested! See controller log for details."}'"#, kind: .text,
        status: .badRequest)
    }
    let names = await self.surface.entries(on: datapath).map(\.entry.name)
    var detail: String?
    if !names.isEmpty {
      let outcome = await withCheckedContinuation { continuation in
        self.surface.order([EntryOrder(EntryChange(deletes: names)) { continuation.resume(returning: $0) }])
      }
      switch outcome {
      case .done: break
      case .rejected(let rejections): detail = rejections.first.map { "\($0.problem)" }
      case .notLeading: detail = "nothing was deleted: another controller leads"
      case .notKept(let why): detail = "nothing was deleted: \(why)"
      }
    }
    var members = [named("status", "Deleted all flows/groups\(isAll ? "" : " for switch \(which)").")]
    if let detail {
      self.surface.warn("clear: \(detail)")
      members.append(named("detail", detail))
    }
    return FloodlightReply(JSONValue.object(members).text, kind: .text)
  }
}

/// Java writes these by hand, with a blank before the colon.
func status(_ text: String, detail: String? = nil) -> FloodlightReply {
  var body = #"{"status" : \#(JSONValue.string(text).text)"#
  if let detail { body += #", "detail" : \#(JSONValue.string(detail).text)"# }
  return FloodlightReply(body + "}", kind: .text)
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ArgumentParser
import Console
import Files
import OpenFlowText

struct FlowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flow", abstract: "Flows and groups of your own, beside those of services.",
    discussion: """
      Entries are kept by the controller and stay in their switches until you delete them: after restarts of the switch \
      and of the controller, and under the next leader. None of them can take a service's packets. Exit status: 0 done, \
      1 not done or refused by a switch, 69 no controller answers.
      """,
    subcommands: [List.self, Show.self, Add.self, Apply.self, Delete.self, FlowImportCommand.self],
    defaultSubcommand: List.self)

  struct List: ControllerCommand {
    static let configuration = CommandConfiguration(abstract: "All entries in a table.")

    @Option(name: .customLong("switch"), help: "Only those of this switch, by name or datapath.")
    var switchName: String?
    @OptionGroup var options: ControllerOptions

    func run(with session: Session) async throws {
      let query = self.switchName.map { "?switch=\(pathPart($0))" } ?? ""
      let json = try await session.api.bytes(.get, "/v1/flows\(query)")
      guard session.output == .text else { return print(String(decoding: json, as: UTF8.self), terminator: "") }
      print(try FlowList(json, from: session.api.url).text(session.palette), terminator: "")
    }
  }

  struct Show: ControllerCommand {
    static let configuration = CommandConfiguration(abstract: "One entry, as JSON that 'flow apply' reads.")

    @Argument(help: "The entry's name.")
    var name: String
    @OptionGroup var options: ControllerOptions

    func run(with session: Session) async throws {
      let json = try await session.api.bytes(.get, "/v1/flows/\(pathPart(self.name))")
      print(String(decoding: json, as: UTF8.self), terminator: "")
    }
  }

  struct Add: ControllerCommand {
    static let configuration = CommandConfiguration(
      abstract: "Add a flow, or put it in the place of the one with its name.",
      discussion: """
        isthmus flow add to-r1 --switch edge --match in_port=1,eth_type=0x0800,ipv4_dst=172.20.126.202 \
        --actions set_field:fa:16:3e:d8:26:42->eth_dst,set_field:172.20.126.110->ipv4_dst,output:7

        Without --actions the flow drops. Groups and other instructions: 'flow apply'.
        """)

    @Argument(help: "Its name: of no other entry, on any switch.")
    var name: String
    @Option(name: .customLong("switch"), help: "The switch's name or datapath.")
    var switchName: String
    @Option(help: "0, or 6 to 254; 1 to 5 are the services'.")
    var table: UInt8 = 0
    @Option(help: "0 to 65535; the flow with the higher one wins.")
    var priority: UInt16 = 32768
    @Option(help: "Seconds without a packet after which it goes; 0: never.")
    var idleTimeout: UInt16 = 0
    @Option(help: "Seconds after which it goes; 0: never.")
    var hardTimeout: UInt16 = 0
    @Option(help: "FIELD=VALUE or FIELD=VALUE/MASK, with commas between them. (default: every packet)")
    var match: String = ""
    @Option(help: "output:PORT, set_field:VALUE->FIELD, group:NUMBER, with commas between them. (default: drop)")
    var actions: String = ""
    @OptionGroup var options: ControllerOptions

    func run(with session: Session) async throws {
      let entry = JSONValue.object(
        [
          .init("name", .string(self.name)), .init("switch", .string(self.switchName)),
          .init("table_id", .integer(self.table)), .init("priority", .integer(self.priority)),
          .init("idle_timeout", .integer(self.idleTimeout)), .init("hard_timeout", .integer(self.hardTimeout)),
          .init("match", try FlowArguments.match(self.match)),
        ] + (self.actions.isEmpty ? [] : [.init("actions", try FlowArguments.actions(self.actions))]))
      try await reportEntries(.post, "/v1/flows", body: Array(entry.text.utf8), session)
    }
  }

  struct Apply: ControllerCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put the entries of a file in place, all or none.",
      discussion: "The file is JSON: {\"entries\":[…]} as 'flow list --output json' prints it, or an array of entries.")

    @Argument(help: "The JSON file; - is the standard input.", completion: .file(extensions: ["json"]))
    var file: String
    @Flag(help: "Delete every entry that the file does not name.")
    var prune = false
    @OptionGroup var options: ControllerOptions

    func run(with session: Session) async throws {
      let bytes: [UInt8]
      do {
        bytes = try FileContent(path: self.file == "-" ? "/dev/stdin" : self.file, limit: 10_000_000).bytes
      } catch {
        throw CommandFailure(code: "unreadable-file", message: "\(self.file): \(error)", hint: nil, status: .failed)
      }
      try await reportEntries(.post, "/v1/flows?prune=\(self.prune)", body: bytes, session)
    }
  }

  struct Delete: ControllerCommand {
    static let configuration = CommandConfiguration(abstract: "Delete entries, all or none of those that are named.")

    @Argument(help: "Their names.")
    var names: [String] = []
    @Option(name: .customLong("switch"), help: "All entries of this switch, by name or datapath.")
    var switchName: String?
    @Flag(help: "All entries of all switches.")
    var all = false
    @OptionGroup var options: ControllerOptions

    func validate() throws {
      let ways = [!self.names.isEmpty, self.switchName != nil, self.all].count { $0 }
      guard ways == 1 else {
        throw ValidationError("say which entries: their names, or --switch NAME, or --all")
      }
    }

    func run(with session: Session) async throws {
      if let name = self.switchName {
        return try await reportEntries(.delete, "/v1/flows?switch=\(pathPart(name))", body: [], session)
      }
      if self.all { return try await reportEntries(.delete, "/v1/flows?all=true", body: [], session) }
      let body = JSONValue.object([.init("names", .array(self.names.map { .string($0) }))])
      try await reportEntries(.delete, "/v1/flows", body: Array(body.text.utf8), session)
    }
  }
}

/// Says what was done; what a switch refused is a failure.
func reportEntries(_ method: APIClient.Method, _ path: String, body: [UInt8], _ session: Session) async throws {
  let json = try await session.api.bytes(method, path, body: body, timeLimit: .seconds(60))
  let done: EntryCommandResource = try session.api.value(of: json)
  switch session.output {
  case .json: print(String(decoding: json, as: UTF8.self), terminator: "")
  case .text:
    print("\(done.put) in place, \(done.deleted) deleted")
    if done.waitingCount > 0 {
      print("\(done.waitingCount) wait for their switch: \(done.waiting.joined(separator: ", "))")
    }
  }
  for refusal in done.refused { note("error[entry-refused]: '\(refusal.name)': \(refusal.error)") }
  if !done.refused.isEmpty { throw ExitCode.failure }
}

/// What `--match` and `--actions` say, as the API wants it. Whether it makes sense, the controller says.
enum FlowArguments {
  static func match(_ text: String) throws -> JSONValue {
    .object(
      try text.split(separator: ",").map { part in
        guard let equals = part.firstIndex(of: "=") else {
          throw ValidationError("--match '\(part)': accepted is FIELD=VALUE or FIELD=VALUE/MASK, such as in_port=1")
        }
        return .init(String(part[..<equals]), .string(String(part[part.index(after: equals)...])))
      })
  }

  static func actions(_ text: String) throws -> JSONValue {
    .array(try text.split(separator: ",").map { try self.action($0) })
  }

  private static func action(_ text: Substring) throws -> JSONValue {
    func one(_ key: String, _ value: JSONValue) -> JSONValue { .object([.init(key, value)]) }
    let colon = text.firstIndex(of: ":") ?? text.endIndex
    let value = text[colon...].dropFirst()
    switch text[..<colon] {
    case "output":
      let port: JSONValue = UInt32(value).map { .integer($0) } ?? .string(value.lowercased())
      if !value.isEmpty { return one("output", one("port", port)) }
    case "group": if let number = UInt32(value) { return one("group", .integer(number)) }
    case "set_field":
      if let arrow = value.firstRange(of: "->") {
        let field = String(value[arrow.upperBound...])
        return one("set_field", one(field, .string(String(value[..<arrow.lowerBound]))))
      }
    default: break
    }
    throw ValidationError(
      "--actions '\(text)': accepted are output:PORT, set_field:VALUE->FIELD and group:NUMBER; for others use 'flow apply'"
    )
  }
}

/// Entries as a table.
struct FlowList {
  private let entries: [JSONValue]

  init(_ json: [UInt8], from url: String) throws(CommandFailure) {
    guard case .array(let entries)? = (try? JSONScanner.scan(json))?["entries"] else {
      throw .notAController(url, "no list of entries")
    }
    self.entries = entries
  }

  func text(_ palette: Palette) -> String {
    guard !self.entries.isEmpty else { return "no entries\n" }
    var table = Table("NAME", "SWITCH", .init("TABLE", .right), .init("PRIORITY", .right), "MATCH", "ACTIONS", "STATE")
    var details: [String] = []
    for entry in self.entries {
      let name = Self.word(entry["name"])
      let state = Self.word(entry["state"])
      table.add(
        .init(name), .init(Self.word(entry["switch"])), .init(Self.word(entry["table_id"])),
        .init(Self.word(entry["priority"])),
        .init(
          entry["group_id"].map { "group \(Self.word($0)), \(Self.word(entry["type"]))" } ?? Self.match(entry["match"])),
        .init(Self.actions(entry)),
        .init(state, state == "installed" ? .good : state == "inactive" ? .faint : .caution))
      if case .string(let detail)? = entry["detail"] { details.append("\(name): \(detail)\n") }
    }
    return table.text(palette) + (details.isEmpty ? "" : "\n" + details.joined())
  }

  private static func word(_ value: JSONValue?) -> String {
    switch value {
    case .string(let text)?, .number(let text)?: text
    case nil: ""
    case let value?: value.text
    }
  }

  private static func match(_ value: JSONValue?) -> String {
    guard case .object(let members)? = value, !members.isEmpty else { return "any" }
    return members.map { "\($0.key)=\(self.word($0.value))" }.joined(separator: ",")
  }

  private static func actions(_ entry: JSONValue) -> String {
    if let buckets = entry["buckets"] { return buckets.text }
    if let instructions = entry["instructions"] { return instructions.text }
    guard case .array(let actions)? = entry["actions"], !actions.isEmpty else { return "drop" }
    return actions.map { action in
      guard case .object(let members) = action, let member = members.first else { return action.text }
      switch (member.key, member.value) {
      case ("output", let value): return "output:\(self.word(value["port"]))"
      case ("set_field", .object(let fields)):
        return fields.map { "set_field:\(self.word($0.value))->\($0.key)" }.joined()
      case (let key, let value): return "\(key):\(self.word(value))"
      }
    }.joined(separator: ",")
  }
}

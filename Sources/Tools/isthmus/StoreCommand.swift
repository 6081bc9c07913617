// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Files
import Glibc
import ServiceFiles
import SharedDocuments
import Storage

/// `isthmus store`
struct StoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store", abstract: "Keep what is configured, or take it to another store.",
    discussion: """
      The store is that of the controller with the configuration file --config: etcd, or a SQLite file. A SQLite file is \
      used by one process at a time: stop the controller first, and be its user (sudo -u isthmus).
      """,
    subcommands: [Export.self, Import.self])

  struct Access: ParsableArguments {
    @Option(help: "The controller's configuration file, which says where the store is.")
    var config = "/etc/isthmus/isthmus.yaml"

    func run(_ body: (_ place: StorePlace, _ store: any DocumentStore) async throws -> Void) async throws {
      do {
        let place = try StorePlace(try ServiceFile.load(path: self.config).controller, file: self.config)
        try await place.withStore { store, _ in try await body(place, store) }
      } catch let error as ServiceFileErrors {
        try fail("\(error)")
      } catch let error as StoreError {
        try fail("error[store]: \(error)")
      } catch let error as StoreExportError {
        try fail("error[export]: \(error)")
      }
    }
  }

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write everything that is in the store into one file.",
      discussion: "The file can be read by its owner only: keys that stand in a configuration are in it.")

    @Argument(help: "The file, or - for the standard output.")
    var file: String
    @OptionGroup var access: Access

    func run() async throws {
      try await self.access.run { place, store in
        if case .file(let path) = place, FileStamp(of: path) == nil {
          try fail("error[store]: there is no store \(path)")
        }
        let snapshot = try await store.read()
        let text = try StoreExport.text(of: snapshot)
        if self.file == "-" { print(text, terminator: "") } else { try write(text, to: self.file) }
        note("\(snapshot.documents.count) documents of \(place.text)")
      }
    }
  }

  struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put the documents of such a file into the store.",
      discussion: "What is there must be nothing, or is replaced with --replace.")

    @Argument(help: "The file, or - for the standard input.")
    var file: String
    @Flag(help: "Also if something is there, which is gone then.")
    var replace = false
    @OptionGroup var access: Access

    func run() async throws {
      try await self.access.run { place, store in
        let new = try StoreExport.snapshot(from: try content(of: self.file))
        // What a controller could not read helps nobody.
        _ = try SharedView(new, place: self.file)
        let old = try await store.read()
        guard old.documents.isEmpty || self.replace else {
          return try fail(
            "error[store]: \(place.text) has \(old.documents.count) documents\n  --replace puts these in their place; "
              + "keep the others first with 'isthmus store export'")
        }
        try await store.replaceAll(with: SharedView.ordered(new.documents))
        note("\(new.documents.count) documents are in \(place.text)")
      }
    }
  }
}

private func fail(_ text: String) throws {
  note(text)
  throw ExitCode(CommandFailure.Status.failed.rawValue)
}

private func content(of file: String) throws -> [UInt8] {
  guard file == "-" else {
    do {
      return try FileContent(path: file, limit: StoreExport.limit).bytes
    } catch {
      try fail("error[file]: '\(file)' cannot be read: \(error)")
      return []
    }
  }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65536)
  while bytes.count <= StoreExport.limit {
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    guard count > 0 else { break }
    bytes += buffer[..<count]
  }
  return bytes
}

/// Beside it first: what was there stays until the new one is whole.
private func write(_ text: String, to path: String) throws {
  let aside = "\(path).\(getpid())"
  let descriptor = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else { return try fail("error[file]: \(aside): \(String(cString: strerror(errno)))") }
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    guard count > 0 else { break }
    bytes = bytes.dropFirst(count)
  }
  let isWhole = bytes.isEmpty && fsync(descriptor) == 0
  let reason = String(cString: strerror(errno))
  close(descriptor)
  guard isWhole, rename(aside, path) == 0 else {
    unlink(aside)
    return try fail("error[file]: \(path) cannot be written: \(reason)")
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import Files
import Floodlight
import Logging
import NIOCore
import NIOPosix
import OpenFlow
import ServiceFiles
import Storage

/// What Floodlight's API gets of this controller.
struct FloodlightDesk: FloodlightSurface {
  let loop: ControlLoop
  let logger: Logger

  func order(_ orders: [EntryOrder]) { self.loop.order(orders, isLenient: true) }

  func entries(on datapath: DatapathID?) async -> [EntryView] { await self.loop.entries(on: datapath) }
  func switches() async -> [FloodlightSwitch] { await self.loop.connectedSwitches() }

  func ask(_ datapath: DatapathID, _ request: MessageBody) async -> [MessageBody]? {
    await self.loop.ask(datapath, request)
  }

  func leads() async -> Bool {
    if case .following = await self.loop.leadership().leadership { false } else { true }
  }

  func warn(_ text: String) { self.logger.warning("Floodlight's API: \(text)") }

  /// - Throws: if the token cannot be read.
  func server(_ settings: FloodlightSettings, version: String) throws -> FloodlightServer {
    let token = try settings.tokenFile.map { path in
      let content = try FileContent(path: path, limit: 4096)
      let line = content.bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
      guard line.count >= 16 else {
        throw StoreError.badSetting(
          "floodlight's token-file", value: path,
          accepted: "its first line is the token, and has at least 16 characters, as 'openssl rand -hex 16' makes them")
      }
      return String(decoding: line, as: UTF8.self)
    }
    if token == nil, !settings.listen.address.isLoopback {
      self.logger.warning(
        "whoever reaches \(settings.listen) may add and delete flows by Floodlight's API; 'token-file' asks for a token"
      )
    }
    return FloodlightServer(
      surface: self, at: settings.listen, token: token, version: version, started: wallClock() / 1000,
      memory: { (residentBytes(), 0) }, now: { wallClock() / 1000 },
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: self.logger)
  }
}

/// Of this process; 0 if that cannot be found out.
private func residentBytes() -> UInt64 {
  guard let content = try? FileContent(path: "/proc/self/statm", limit: 4096) else { return 0 }
  let fields = String(decoding: content.bytes, as: UTF8.self).split(separator: " ")
  return fields.count > 1 ? (UInt64(fields[1]) ?? 0) * 4096 : 0
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import OpenFlow

extension Compiler {
  /// Messages that only a switch takes which tracks connections, and which leave nothing behind. No packet comes to the
  /// flow: nothing leads to its table for this address.
  package static var conntrackTrial: [MessageBody] {
    let address = IPv4Address(rawValue: 0xc000_0200)
    let match: Match = [.ethernetType(0x0800), .conntrackState(set: [.tracked, .new]), .ipv4Destination(address)]
    let table = TableLayout.Table.steer.rawValue
    let track = Action.conntrack(
      ConntrackAction(
        commit: true, zone: .number(TableLayout.zone), table: TableLayout.Table.deliver.rawValue,
        actions: [.nat(.destination(SocketEndpoint(address, 1))), .setField(.conntrackMark(1))]))
    return [
      .flowMod(
        FlowMod(
          command: .add, tableID: table, priority: 0, cookie: Cookie.base.rawValue, match: match,
          instructions: [.applyActions([track])])),
      .flowMod(FlowMod(command: .deleteStrict, tableID: table, priority: 0, match: match)),
    ]
  }
}

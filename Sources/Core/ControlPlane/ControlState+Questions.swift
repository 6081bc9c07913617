// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FlowPipeline
import OpenFlow
import PacketHeaders
import ServiceModel

extension ControlState {
  /// Somebody asks for the MAC address of a virtual IP, or of the switch's own address, and the switch cannot answer.
  mutating func answerQuestion(_ packet: PacketIn, on name: SwitchName, _ effects: inout [Effect]) {
    guard let state = self.switches[name], state.isWritable, let port = packet.inPort,
      let question = AddressQuestion(frame: packet.data), let mac = self.mac(of: question.address, on: state)
    else { return }
    let answer = PacketOut(
      inPort: port, actions: [.output(.inPort)], data: question.answer(mac).bytes)
    effects.append(.send(state.config.datapath, [.packetOut(answer)]))
  }

  private func mac(of address: IPAddress, on state: SwitchState) -> MACAddress? {
    if address == .v4(state.config.probeAddress) { return state.facts().probeMAC }
    return self.intent.services.first { $0.virtualIP.address == address }?.virtualIP.mac
  }
}

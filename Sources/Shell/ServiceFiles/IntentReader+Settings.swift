// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

/// The keys of the file itself, `controller` and `detection`.
extension IntentReader {
  mutating func draft(_ root: YAMLValue, readKey: (String) throws(KeyFileProblem) -> [UInt8]) -> Draft {
    guard let fields = self.fields(root, as: .file) else { return Draft() }
    return Draft(
      controller: self.controller(fields["controller"]), detection: self.detection(fields["detection"]),
      regions: self.regions(fields["regions"], readKey: readKey), switches: self.switches(fields["switches"]),
      services: self.services(fields["services"]))
  }

  private mutating func controller(_ value: YAMLValue?) -> ControllerSettings {
    var settings = ControllerSettings()
    guard let fields = self.fields(value, as: .controller) else { return settings }
    let keys: [(String, WritableKeyPath<ControllerSettings, SocketEndpoint>)] = [
      ("openflow", \.openflow), ("agents", \.agents), ("api", \.api),
    ]
    var earlier: [(key: String, endpoint: SocketEndpoint)] = []
    for (key, path) in keys {
      let read = self.listeningEndpoint(fields[key])
      if let read { settings[keyPath: path] = read.value }
      let endpoint = settings[keyPath: path]
      if let other = earlier.first(where: { overlap($0.endpoint, endpoint) }) {
        let location = read?.location ?? fields[other.key]?.location ?? fields.location
        self.report.add(
          .endpointInUse, at: location, "'\(key)' is \(endpoint), but '\(other.key)' listens on \(other.endpoint)",
          hint: "give each a port of its own")
      }
      earlier.append((key, endpoint))
    }
    return settings
  }

  private mutating func detection(_ value: YAMLValue?) -> Detection {
    var detection = Detection()
    guard let fields = self.fields(value, as: .detection) else { return detection }
    if let interval = self.duration(fields["heartbeat-interval"], in: .milliseconds(10) ... .seconds(60)) {
      detection.heartbeatInterval = interval.value
    }
    if let misses = self.number(fields["misses"], in: 1...100) { detection.misses = misses.value }
    if let rise = self.number(fields["rise"], in: 1...100) { detection.rise = rise.value }
    if let hold = self.duration(fields["hold"], in: .zero ... .seconds(3600)) { detection.hold = hold.value }
    if let probe = self.choice(fields["probe"], of: Detection.ProbeMethod.self) { detection.probe = probe }
    return detection
  }
}

/// True if one of two programs could not listen. Port 0 is another one each time.
private func overlap(_ a: SocketEndpoint, _ b: SocketEndpoint) -> Bool {
  a.port == b.port && a.port != 0 && (a.address == b.address || a.address.isUnspecified || b.address.isUnspecified)
}

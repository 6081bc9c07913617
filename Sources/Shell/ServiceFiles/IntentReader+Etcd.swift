// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The key `etcd` of `controller`.
extension IntentReader {
  mutating func etcd(_ value: YAMLValue?) -> EtcdAccess? {
    guard let value, let fields = self.fields(value, as: .etcd) else { return nil }
    var access = EtcdAccess(endpoints: self.etcdEndpoints(fields["endpoints"]))
    if let prefix = self.scalar(fields["prefix"]) {
      access.prefix = prefix.text
      if !prefix.text.hasPrefix("/") || !prefix.text.hasSuffix("/") || prefix.text.utf8.count < 2 {
        self.report.add(
          .invalidPath, at: fields["prefix"]?.location ?? value.location, "'\(prefix.text)' is no prefix of keys",
          hint: "begin and end it with '/', like /isthmus/")
      }
    }
    access.authorities = self.scalar(fields["authorities"])?.text
    access.certificate = self.scalar(fields["certificate"])?.text
    access.privateKey = self.scalar(fields["private-key"])?.text
    access.user = self.scalar(fields["user"])?.text
    access.passwordFile = self.scalar(fields["password-file"])?.text
    if let lease = self.duration(fields["lease"], in: .seconds(2) ... .seconds(60)) {
      access.lease = lease.value
      if lease.value.components.attoseconds != 0 {
        self.report.add(
          .outOfRange, at: lease.location, "a lease has whole seconds", hint: "accepted: 2s to 1m, without a fraction")
      }
    }
    self.checkPair("certificate", access.certificate, "private-key", access.privateKey, at: value.location)
    self.checkPair("user", access.user, "password-file", access.passwordFile, at: value.location)
    return access
  }

  private mutating func etcdEndpoints(_ value: YAMLValue?) -> [String] {
    var endpoints: [String] = []
    for item in self.items(value) ?? [] {
      guard let text = self.scalar(item)?.text else { continue }
      endpoints.append(text)
      guard !["http://", "https://"].contains(where: { text.hasPrefix($0) && text.count > $0.count }) else { continue }
      self.report.add(
        .invalidEndpoint, at: item.location, "'\(text)' is no endpoint of etcd",
        hint: "accepted: http://HOST:PORT or https://HOST:PORT")
    }
    if let value, endpoints.isEmpty {
      self.report.add(.missingValue, at: value.location, "'endpoints' is empty", hint: "name one endpoint at least")
    }
    return endpoints
  }

  private mutating func checkPair(
    _ firstKey: String, _ first: String?, _ secondKey: String, _ second: String?, at location: Location
  ) {
    guard (first == nil) != (second == nil) else { return }
    let (there, missing) = first == nil ? (secondKey, firstKey) : (firstKey, secondKey)
    self.report.add(
      .missingKey, at: location, "'etcd' has '\(there)' and no '\(missing)'", hint: "give both or neither")
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing

/// The nginx of one region's member.
struct WebServer: Sendable {
  let layout: LabLayout
  let region: Int
  /// Holds all its files.
  let directory: String

  /// Debian has it in a package of its own, libnginx-mod-stream.
  static let streamModule = "/usr/lib/nginx/modules/ngx_stream_module.so"

  /// Bytes of `/large`: many packets of full size.
  private static let largeSize = 300_000

  private var processFile: String { "\(self.directory)/nginx.pid" }
  private var log: String { "\(self.directory)/error.log" }

  /// Answers any path but `/large`, and `/slow`, which is the same a little at a time, with 200, its region's name and the client's address as it sees it. A connection may stay open
  /// for an hour, so that tests can see what becomes of it. Port 53 answers any datagram in the same way.
  var configuration: String {
    """
    load_module \(Self.streamModule);
    user root;
    worker_processes 1;
    pid \(self.processFile);
    error_log \(self.log);
    events { worker_connections 8192; }
    http {
      access_log off;
      default_type text/plain;
      keepalive_timeout 1h;
      keepalive_requests 1000000;
      client_body_temp_path \(self.directory)/body;
      proxy_temp_path \(self.directory)/proxy;
      fastcgi_temp_path \(self.directory)/fastcgi;
      uwsgi_temp_path \(self.directory)/uwsgi;
      scgi_temp_path \(self.directory)/scgi;
      server {
        listen 80 backlog=4096;\(self.layout.hasIPv6 ? "\n    listen [::]:80 backlog=4096;" : "")
        location / {
          add_header X-Region r\(self.region) always;
          add_header X-Client $remote_addr always;
          return 200 "region r\(self.region) client $remote_addr\\n";
        }
        location = /large { alias \(self.directory)/large; }
        location = /slow { alias \(self.directory)/large; limit_rate 4k; }
      }
    }
    stream {
      server {
        listen 53 udp;\(self.layout.hasIPv6 ? "\n    listen [::]:53 udp;" : "")
        return "region r\(self.region) client $remote_addr\\n";
      }
    }

    """
  }

  /// Returns when the server listens.
  func start() async throws {
    try makeDirectory(self.directory, mayExist: true)
    let file = "\(self.directory)/nginx.conf"
    try TextFile.write(self.configuration, to: file)
    try TextFile.write(String(repeating: "large\n", count: Self.largeSize / 6), to: "\(self.directory)/large")
    let namespace = self.layout.namespace(of: .member(self.region))
    let starter = try await Command(
      ["ip", "netns", "exec", namespace, "nginx", "-p", self.directory, "-e", self.log, "-c", file]
    ).start(log: self.log)
    let status = try await starter.wait()
    guard status == .exited(0) else {
      throw LabError.commandFailed(
        command: "nginx of r\(self.region)", status: "\(status)", output: TextFile.tail(self.log))
    }
  }

  /// Returns when nobody listens any more: the next connection is refused.
  func stop() async throws {
    guard let master = self.master else { return }
    // A stopped process would not see the request to end.
    await self.signalAll(.continue)
    master.send(.terminate)
    try await waitUntil("end of r\(self.region)'s nginx", timeout: .seconds(5)) { await self.processes.isEmpty }
  }

  /// To the master process and its workers.
  func signalAll(_ signal: ProcessSignal) async {
    for process in await self.processes { process.send(signal) }
  }

  private var master: ProcessIdentity? {
    TextFile.read(self.processFile).flatMap { Int32($0.trimmingNewlines) }.flatMap { ProcessIdentity(pid: $0) }
  }

  private var processes: [ProcessIdentity] {
    get async { await NamespaceProcesses.named("nginx", in: self.layout.namespace(of: .member(self.region))) }
  }
}

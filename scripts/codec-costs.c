// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0
//
// Counts what a program executes between its first and its second call of sched_yield(2), step by step: instructions,
// and calls of malloc and its kin. The same on every machine, however busy, and needs no performance counters.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const allocators[] = {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc"};
enum { ALLOCATORS = sizeof allocators / sizeof *allocators };

// Where the C library begins in a process.
static unsigned long libc(pid_t pid) {
    char path[64], line[512];
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    FILE *maps = fopen(path, "r");
    unsigned long start = 0;
    while (maps && fgets(line, sizeof line, maps)) {
        if (strstr(line, "/libc.so.6") || strstr(line, "/libc-2.")) {
            start = strtoul(line, NULL, 16);
            break;
        }
    }
    if (maps) fclose(maps);
    return start;
}

// Runs all threads until one of them enters sched_yield, and goes on to where it leaves it. The others stay stopped.
static pid_t run_to_mark(pid_t first) {
    pid_t thread = first;
    for (int status, signal = 0;;) {
        if (ptrace(PTRACE_SYSCALL, thread, 0, signal) < 0) return -1;
        thread = waitpid(-1, &status, __WALL);
        if (thread < 0 || (WIFEXITED(status) && thread == first)) return -1;
        if (!WIFSTOPPED(status)) continue;
        signal = WSTOPSIG(status) & 0x7f;
        if (signal == SIGTRAP || signal == SIGSTOP) signal = 0;
        struct user_regs_struct registers;
        if (ptrace(PTRACE_GETREGS, thread, 0, &registers) < 0) continue;
        if (registers.orig_rax != SYS_sched_yield) continue;
        if (ptrace(PTRACE_SYSCALL, thread, 0, 0) < 0 || waitpid(thread, &status, __WALL) < 0) return -1;
        return thread;
    }
}

int main(int count, char **words) {
    if (count < 2) return fprintf(stderr, "usage: codec-costs PROGRAM [WORD …]\n"), 64;
    pid_t pid = fork();
    if (pid == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        execv(words[1], words + 1);
        _exit(127);
    }
    int status;
    waitpid(pid, &status, 0);
    ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL);
    pid_t thread = run_to_mark(pid);
    if (thread < 0) return fprintf(stderr, "codec-costs: no sched_yield\n"), 1;
    unsigned long shift = libc(pid) - libc(getpid()), entries[ALLOCATORS];
    for (int i = 0; i < ALLOCATORS; i++) entries[i] = (unsigned long)dlsym(RTLD_DEFAULT, allocators[i]) + shift;
    unsigned long instructions = 0, allocations = 0;
    for (;;) {
        if (ptrace(PTRACE_SINGLESTEP, thread, 0, 0) < 0 || waitpid(thread, &status, __WALL) < 0) return 1;
        struct user_regs_struct registers;
        if (!WIFSTOPPED(status) || ptrace(PTRACE_GETREGS, thread, 0, &registers) < 0) return 1;
        instructions++;
        for (int i = 0; i < ALLOCATORS; i++) allocations += registers.rip == entries[i];
        unsigned long word = ptrace(PTRACE_PEEKTEXT, thread, registers.rip, 0);
        if ((word & 0xffff) == 0x050f && registers.rax == SYS_sched_yield) break;
    }
    printf("%lu %lu\n", instructions, allocations);
}

/*
 * Calls the persist routines of Lode's assembly source, or libpmem, as PersistBenchmark does, and prints one line of
 * nanoseconds a call for each measurement:
 *
 *   persist FILE routines|libpmem persist|copy LENGTH WARM_UP_MILLIS MILLIS COUNT
 *
 * FILE is mapped whole. INSN (clwb, clflushopt, clflush, cvap, cvac) and STREAM_FROM, the length from which copies go
 * around the caches (0: never), are given when this is compiled.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LINE 64
#define FENCE 1
#define JOIN(a, b) a##b
#define NAME(a, b) JOIN(a, b)

/* They find the map through a cell that holds its address. */
int NAME(flush_, INSN)(char **cell, int64_t offset, int64_t length, int64_t control);
int NAME(copy_, INSN)(char **cell, int64_t offset, const char *source, int64_t source_offset, int64_t length, int64_t control);
#if STREAM_FROM
int NAME(copy_nt_, INSN)(char **cell, int64_t offset, const char *source, int64_t source_offset, int64_t length, int64_t control);
#endif

static char *map;
static int64_t size, offset, length;
static char *source;
static void (*pmem_persist)(const void *, size_t);
static void *(*pmem_memcpy_persist)(void *, const void *, size_t);

static int64_t next(void) {
    int64_t here = offset;
    offset += (length + LINE - 1) & ~(int64_t)(LINE - 1);
    if (offset + length > size) offset = 0;
    return here;
}

static void store(int64_t here) {
    for (int64_t line = 0; line < length; line += LINE) *(volatile int64_t *)(map + here + line) = here;
}

static void routines_persist(void) {
    int64_t here = next();
    store(here);
    NAME(flush_, INSN)(&map, here, length, LINE | FENCE);
}

static void routines_copy(void) {
    int64_t here = next();
#if STREAM_FROM
    if (length >= STREAM_FROM) {
        NAME(copy_nt_, INSN)(&map, here, source, 0, length, LINE | FENCE);
        return;
    }
#endif
    NAME(copy_, INSN)(&map, here, source, 0, length, LINE | FENCE);
}

static void libpmem_persist(void) {
    int64_t here = next();
    store(here);
    pmem_persist(map + here, (size_t)length);
}

static void libpmem_copy(void) {
    pmem_memcpy_persist(map + next(), source, (size_t)length);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double measure(void (*call)(void), double nanos) {
    double begin = now(), end;
    int64_t calls = 0, step = length > 65536 ? 1 : 65536 / length;
    do {
        for (int64_t i = 0; i < step; i++) call();
        calls += step;
        end = now();
    } while (end - begin < nanos);
    return (end - begin) / (double)calls;
}

static void fail(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(1);
}

int main(int argc, char **argv) {
    if (argc != 8) fail("usage: persist FILE routines|libpmem persist|copy LENGTH WARM_UP_MILLIS MILLIS COUNT");
    int is_libpmem = strcmp(argv[2], "libpmem") == 0, is_copy = strcmp(argv[3], "copy") == 0;
    length = atoll(argv[4]);
    int fd = open(argv[1], O_RDWR);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) fail("the file cannot be opened");
    size = status.st_size;
    map = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (map == MAP_FAILED) fail("the file cannot be mapped");
    /* The data of an array of the JVM begins 16 bytes behind a multiple of 16 only: so does this. */
    source = (char *)aligned_alloc(LINE, (size_t)length + 2 * LINE) + 16;
    memset(source, 7, (size_t)length);
    if (is_libpmem) {
        void *library = dlopen("libpmem.so.1", RTLD_NOW);
        if (!library) fail("libpmem.so.1 is not here: apt install libpmem1");
        *(void **)&pmem_persist = dlsym(library, "pmem_persist");
        *(void **)&pmem_memcpy_persist = dlsym(library, "pmem_memcpy_persist");
        if (!pmem_persist || !pmem_memcpy_persist) fail("libpmem.so.1 has no pmem_persist");
    }
    void (*call)(void) = is_libpmem ? (is_copy ? libpmem_copy : libpmem_persist)
                                    : (is_copy ? routines_copy : routines_persist);
    measure(call, atof(argv[5]) * 1e6);
    for (int i = atoi(argv[7]); i > 0; i--) printf("%.3f\n", measure(call, atof(argv[6]) * 1e6));
    return 0;
}

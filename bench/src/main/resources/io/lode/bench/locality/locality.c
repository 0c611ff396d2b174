/*
 * Measures memory of one node from given CPUs, knowing nothing of Lode: what lode bench locality --oracle stands beside.
 *
 *   locality latency|read|write NODE AREA_BYTES BLOCK_BYTES WARM_UP_MILLIS MILLIS CPU...
 *
 * One thread on each CPU. latency: loads that depend on each other over all of the area, prints nanoseconds a load, the mean
 * of the threads. read: a word of every line of each block, write: non-temporal stores and a fence after each block, both one
 * block after the other in a part of the area for each thread; prints GB/s of all threads. NODE -1: wherever it comes to lie.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#ifdef __x86_64__
#include <emmintrin.h>
#endif

#define LINE 64
#define HUGE_PAGE (2L << 20)
#define MPOL_BIND 2

struct job {
    pthread_t thread;
    int cpu, number;
    double result;
};

static char *area;
static int64_t size, block;
static int kind, threads;
static double warm_up, span, start;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void fail(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static uint64_t next_random(uint64_t *state) {
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* Every line points to the next of one cycle through all of them. */
static void link_lines(void) {
    int64_t lines = size / LINE;
    int32_t *order = malloc((size_t)lines * sizeof *order);
    uint64_t state = (uint64_t)time(NULL);
    if (!order) fail("no memory");
    for (int64_t i = 0; i < lines; i++) order[i] = (int32_t)i;
    for (int64_t i = lines - 1; i > 0; i--) {
        int64_t j = (int64_t)(next_random(&state) % (uint64_t)i);
        int32_t held = order[i];
        order[i] = order[j];
        order[j] = held;
    }
    for (int64_t i = 0; i < lines; i++) *(void **)(area + i * LINE) = area + (int64_t)order[i] * LINE;
    free(order);
}

static void *volatile sink;
static volatile int64_t sum_sink;

/*
 * Times work in pieces. One that took longer than a millisecond does not count: then the thread was not on its CPU. Returns
 * whether the measurement goes on.
 */
struct clock {
    double last, counted, begin;
    int64_t units;
};

static int timed(struct clock *clock, int64_t units) {
    double at = now(), piece = at - clock->last;
    clock->last = at;
    if (at - start < warm_up) return 1;
    if (clock->begin == 0) {
        clock->begin = at;
        return 1;
    }
    if (piece < 1e6) {
        clock->counted += piece;
        clock->units += units;
    }
    return at - clock->begin < span || clock->units == 0;
}

static double latency(struct job *job) {
    void **here = (void **)(area + (size / threads * job->number & -(int64_t)LINE));
    struct clock clock = {.last = now()};
    do {
        for (int i = 0; i < 256; i++) here = (void **)*here;
    } while (timed(&clock, 256));
    sink = here;
    return clock.counted / (double)clock.units;
}

static int64_t read_block(const char *from) {
    int64_t sum = 0;
    for (int64_t i = 0; i < block; i += LINE) sum += *(const volatile int64_t *)(from + i);
    return sum;
}

static void write_block(char *to) {
#ifdef __x86_64__
    __m128i value = _mm_set1_epi8(0x5A);
    for (int64_t i = 0; i < block; i += 16) _mm_stream_si128((__m128i *)(to + i), value);
    _mm_sfence();
#else
    memset(to, 0x5A, (size_t)block);
    for (int64_t i = 0; i < block; i += LINE) __asm__ volatile("dc cvac, %0" ::"r"(to + i) : "memory");
    __asm__ volatile("dsb sy" ::: "memory");
#endif
}

static double bandwidth(struct job *job) {
    int64_t part = size / threads & -(int64_t)LINE, at = 0;
    char *own = area + part * job->number;
    struct clock clock = {.last = now()};
    do {
        if (kind == 'r') {
            sum_sink = read_block(own + at);
        } else {
            write_block(own + at);
        }
        at = at + 2 * block > part ? 0 : at + block;
    } while (timed(&clock, block));
    return (double)clock.units / clock.counted;
}

static void *run(void *argument) {
    struct job *job = argument;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)job->cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0 || sched_getcpu() != job->cpu) fail("a thread cannot have its CPU");
    job->result = kind == 'l' ? latency(job) : bandwidth(job);
    return NULL;
}

static void allocate(int node) {
    char *mapped = mmap(NULL, (size_t)(size + HUGE_PAGE), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) fail("no memory");
    area = (char *)(((uintptr_t)mapped + HUGE_PAGE - 1) & -(uintptr_t)HUGE_PAGE);
    if (node >= 0) {
        unsigned long mask[16] = {0};
        mask[node / 64] = 1UL << node % 64;
        if (syscall(SYS_mbind, area, size, MPOL_BIND, mask, 8 * sizeof mask + 1, 0) != 0) fail("the memory cannot be bound");
    }
    madvise(area, (size_t)size, MADV_HUGEPAGE);
    memset(area, 1, (size_t)size);
}

int main(int argc, char **argv) {
    if (argc < 8) fail("usage: locality latency|read|write NODE AREA BLOCK WARM_UP_MILLIS MILLIS CPU...");
    kind = argv[1][0];
    size = atoll(argv[3]);
    block = atoll(argv[4]);
    warm_up = atof(argv[5]) * 1e6;
    span = atof(argv[6]) * 1e6;
    threads = argc - 7;
    allocate(atoi(argv[2]));
    if (kind == 'l') link_lines();
    struct job *jobs = calloc((size_t)threads, sizeof *jobs);
    if (!jobs) fail("no memory");
    start = now();
    for (int i = 0; i < threads; i++) {
        jobs[i].cpu = atoi(argv[7 + i]);
        jobs[i].number = i;
        if (pthread_create(&jobs[i].thread, NULL, run, &jobs[i]) != 0) fail("no thread");
    }
    double all = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(jobs[i].thread, NULL);
        all += jobs[i].result;
    }
    printf("%.4f\n", kind == 'l' ? all / threads : all);
    return 0;
}

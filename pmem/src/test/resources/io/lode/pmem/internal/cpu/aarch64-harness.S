/*
 * Runs the persist routines outside a JVM, under an emulator: reads requests, answers each.
 *
 * A request is seven words of 8 bytes (entry, flags, arguments 1 to 5) and the 4096 bytes to begin
 * with. Argument 0 is a cell that holds the address of the memory, which lies between two
 * inaccessible pages. Bit 0 of the flags: argument 2 is relative to the memory; bit 1: the cell holds
 * 0, the map is closed. The answer is the result and the 4096 bytes after the call. The harness keeps
 * its state in registers that a callee must preserve. End of input ends it; anything else is exit 1.
 */
        .arch   armv8.2-a
        .text
        .globl  _start
_start:
        mov     x0, #0
        mov     x1, #12288
        mov     x2, #0                  /* PROT_NONE */
        mov     x3, #0x22               /* MAP_PRIVATE | MAP_ANONYMOUS */
        mov     x4, #-1
        mov     x5, #0
        mov     x8, #222                /* mmap */
        svc     #0
        add     x19, x0, #4096          /* the memory */
        mov     x0, x19
        mov     x1, #4096
        mov     x2, #3                  /* PROT_READ | PROT_WRITE */
        mov     x8, #226                /* mprotect */
        svc     #0
        cbnz    x0, failed
        adrp    x20, request
        add     x20, x20, :lo12:request
        adrp    x21, code
        add     x21, x21, :lo12:code

next:   mov     x22, x20
        mov     x23, #56
        bl      receive
        mov     x22, x19
        mov     x23, #4096
        bl      receive
        ldr     x9, [x20]
        add     x9, x9, x21
        ldp     x10, x1, [x20, #8]
        ldp     x2, x3, [x20, #24]
        ldp     x4, x5, [x20, #40]
        adrp    x0, cell
        add     x0, x0, :lo12:cell
        str     x19, [x0]
        tbz     x10, #1, 1f
        str     xzr, [x0]
1:      tbz     x10, #0, call_routine
        add     x2, x2, x19
        .globl  call_routine
call_routine:
        blr     x9
        .globl  routine_returned
routine_returned:
        str     x0, [x20]
        mov     x22, x20
        mov     x23, #8
        bl      send
        mov     x22, x19
        mov     x23, #4096
        bl      send
        b       next

receive:
        mov     x0, #0
        mov     x1, x22
        mov     x2, x23
        mov     x8, #63                 /* read */
        svc     #0
        cmp     x0, #0
        b.lt    failed
        b.eq    ended
        add     x22, x22, x0
        subs    x23, x23, x0
        b.ne    receive
        ret

send:   mov     x0, #1
        mov     x1, x22
        mov     x2, x23
        mov     x8, #64                 /* write */
        svc     #0
        cmp     x0, #0
        b.le    failed
        add     x22, x22, x0
        subs    x23, x23, x0
        b.ne    send
        ret

ended:  mov     x0, #0
        mov     x8, #93                 /* exit */
        svc     #0
failed: mov     x0, #1
        mov     x8, #93
        svc     #0

        .balign 4096
        .globl  code
code:   .incbin "aarch64.bin"

        .bss
        .balign 16
request:
        .skip   64
cell:   .skip   8

/*
 * Persist routines for aarch64, AAPCS64. Only registers that a callee may change are used; there is
 * no data, no relocation and no reference outside this file, so the bytes run at any address.
 *
 *   flush_I (cell, offset, length, control)                             clean lines with dc I
 *   copy_I  (cell, offset, source, sourceOffset, length, control)       store, clean with dc I
 *   fill_I  (cell, offset, length, value, control)                      the same with one byte
 *   drain   ()                                                          dsb sy
 *   prefetch (address, lines)             fetch lines of 64 from any address on, readable or not
 *   line_size()                     bytes of the smallest data cache line of any core
 *
 * A cell is 8 bytes that hold the map's address, or 0 once the map is closed. Every routine that takes
 * one reads it first, and returns 1 without touching anything if it is 0; else it returns 0. A
 * caller may pass more arguments: they are not looked at.
 *
 * I is cvap (to the point of persistence), cvac (to the point of coherency) or none. Control is the
 * line size, a power of two of at least 4, with bit 0 asking for a dsb at the end.
 *
 * dc orders itself behind earlier stores to the same line, so no barrier is needed between them; only
 * the dsb says that the lines have arrived. Non-temporal pairs (stnp) are only a hint here and stay
 * in the caches, so there is no second way to copy.
 *
 * Copies may overlap. Every word of 8 bytes that is aligned in the destination and lies wholly in
 * the range is written by one store: str and each half of stp are single-copy atomic when aligned.
 * Nothing outside the two ranges is touched.
 */
        .arch   armv8.2-a
        .text

        .macro  open_map
        ldr     x0, [x0]
        cbz     x0, 40f
        .endm

        /* Each routine ends with one of its own: two that differ in dc alone are to differ nowhere else. */
        .macro  closed
40:     mov     w0, #1
        ret
        .endm

        /* Cleans the lines of x9 to x9 + x10 and ends the routine; control in x5. Changes x6, x7. */
        .macro  finish insn
        .ifnc   \insn, none
        cbz     x10, 2f
        and     x6, x5, #~1             /* line size */
        sub     x7, x6, #1
        add     x10, x9, x10
        bic     x9, x9, x7
1:      dc      \insn, x9
        add     x9, x9, x6
        cmp     x9, x10
        b.lo    1b
2:
        .endif
        tbz     x5, #0, 3f
        dsb     sy
3:      mov     w0, #0
        ret
        .endm

        .macro  copy_routine insn
        .globl  copy_\insn
        .p2align 5
copy_\insn:
        open_map
        add     x0, x0, x1              /* destination */
        add     x1, x2, x3              /* source */
        mov     x2, x4                  /* bytes left */
        mov     x9, x0
        mov     x10, x4
        sub     x3, x0, x1
        cmp     x3, x2                  /* unsigned: below only if the destination starts in the source */
        b.lo    20f

        neg     x3, x0
        ands    x3, x3, #7              /* bytes up to the next aligned word */
        b.eq    12f
        cmp     x3, x2
        csel    x3, x3, x2, lo
        cbz     x3, 19f
        sub     x2, x2, x3
11:     ldrb    w4, [x1], #1
        strb    w4, [x0], #1
        subs    x3, x3, #1
        b.ne    11b
12:     subs    x2, x2, #32
        b.lo    14f
13:     ldp     x3, x4, [x1]
        ldp     x6, x7, [x1, #16]
        stp     x3, x4, [x0]
        stp     x6, x7, [x0, #16]
        add     x1, x1, #32
        add     x0, x0, #32
        subs    x2, x2, #32
        b.hs    13b
14:     add     x2, x2, #32             /* 0 to 31 left */
        subs    x2, x2, #8
        b.lo    16f
15:     ldr     x3, [x1], #8
        str     x3, [x0], #8
        subs    x2, x2, #8
        b.hs    15b
16:     ands    x2, x2, #7              /* the low three bits are what is left */
        b.eq    19f
17:     ldrb    w3, [x1], #1
        strb    w3, [x0], #1
        subs    x2, x2, #1
        b.ne    17b
19:     finish  \insn

20:     add     x0, x0, x2
        add     x1, x1, x2
        ands    x3, x0, #7
        b.eq    22f
        cmp     x3, x2
        csel    x3, x3, x2, lo
        sub     x2, x2, x3
21:     ldrb    w4, [x1, #-1]!
        strb    w4, [x0, #-1]!
        subs    x3, x3, #1
        b.ne    21b
22:     subs    x2, x2, #32
        b.lo    24f
23:     ldp     x3, x4, [x1, #-16]
        ldp     x6, x7, [x1, #-32]!
        stp     x3, x4, [x0, #-16]
        stp     x6, x7, [x0, #-32]!
        subs    x2, x2, #32
        b.hs    23b
24:     add     x2, x2, #32
        subs    x2, x2, #8
        b.lo    26f
25:     ldr     x3, [x1, #-8]!
        str     x3, [x0, #-8]!
        subs    x2, x2, #8
        b.hs    25b
26:     ands    x2, x2, #7
        b.eq    29f
27:     ldrb    w3, [x1, #-1]!
        strb    w3, [x0, #-1]!
        subs    x2, x2, #1
        b.ne    27b
29:     finish  \insn
        closed
        .endm

        .macro  fill_routine insn
        .globl  fill_\insn
        .p2align 5
fill_\insn:
        open_map
        add     x0, x0, x1
        mov     x5, x4
        mov     x9, x0
        mov     x10, x2
        and     x3, x3, #0xff
        mov     x4, #0x0101010101010101
        mul     x4, x3, x4

        neg     x3, x0
        ands    x3, x3, #7
        b.eq    12f
        cmp     x3, x2
        csel    x3, x3, x2, lo
        cbz     x3, 19f
        sub     x2, x2, x3
11:     strb    w4, [x0], #1
        subs    x3, x3, #1
        b.ne    11b
12:     subs    x2, x2, #32
        b.lo    14f
13:     stp     x4, x4, [x0]
        stp     x4, x4, [x0, #16]
        add     x0, x0, #32
        subs    x2, x2, #32
        b.hs    13b
14:     add     x2, x2, #32
        subs    x2, x2, #8
        b.lo    16f
15:     str     x4, [x0], #8
        subs    x2, x2, #8
        b.hs    15b
16:     ands    x2, x2, #7
        b.eq    19f
17:     strb    w4, [x0], #1
        subs    x2, x2, #1
        b.ne    17b
19:     finish  \insn
        closed
        .endm

        .macro  flush_routine insn
        .globl  flush_\insn
        .p2align 5
flush_\insn:
        open_map
        add     x9, x0, x1
        mov     x10, x2
        mov     x5, x3
        finish  \insn
        closed
        .endm

        copy_routine none
        fill_routine none

        .irp    insn, cvap, cvac
        flush_routine \insn
        copy_routine \insn
        fill_routine \insn
        .endr

        .globl  drain
        .p2align 5                      /* as what follows the routines for cvap */
drain:
        dsb     sy
        ret

        .globl  prefetch
        .p2align 4
prefetch:
1:      prfm    pldl1keep, [x0]
        add     x0, x0, #64
        subs    x1, x1, #1
        b.gt    1b
        ret

        .globl  line_size
        .p2align 4
line_size:
        mrs     x1, ctr_el0             /* readable at EL0; Linux traps it where cores differ */
        ubfx    x1, x1, #16, #4         /* DminLine: log2 of the words of 4 bytes */
        mov     x0, #4
        lsl     x0, x0, x1
        ret

        .section .note.GNU-stack, "", %progbits

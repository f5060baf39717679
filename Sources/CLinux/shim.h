/* What Swift's Glibc module leaves out of Linux: epoll, the search for bytes, and the counter of instructions. */
#include <linux/perf_event.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Declared by <string.h> for GNU programs alone, which Swift's are not. */
void *memmem(const void *haystack, size_t haystack_bytes, const void *needle, size_t needle_bytes);

/* A counter of the calling thread's instructions in user space, or -1 where the kernel or the machine has none. */
static inline int holdfast_instruction_counter(void) {
    struct perf_event_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.type = PERF_TYPE_HARDWARE;
    attributes.size = sizeof attributes;
    attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
    attributes.exclude_kernel = 1;
    attributes.exclude_hv = 1;
    return (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

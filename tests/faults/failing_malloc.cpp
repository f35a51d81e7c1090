// To be preloaded: from main() on counts the program's allocations, and refuses memory as the environment says.
//
//     FAILING_MALLOC_AT=12     the twelfth
//     FAILING_MALLOC_AT=12+    the twelfth, and each one after it
//     FAILING_MALLOC_COUNT=F   writes into the file F how many there were

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>

// glibc's own names for what is replaced here.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace {

using Main = int (*)(int, char**, char**);

std::atomic<long> number{0};
std::atomic<bool> counting{false};
long fails_at = 0;
bool fails_on = false;
const char* count_file = nullptr;
Main real_main = nullptr;

bool is_refused() {
  if (!counting) return false;
  const long own = ++number;
  if (fails_at == 0 || own < fails_at || (own > fails_at && !fails_on)) return false;
  errno = ENOMEM;
  return true;
}

void write_count() {
  counting = false;
  const int fd = open(count_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  char text[32];
  const int size = std::snprintf(text, sizeof text, "%ld\n", number.load());
  if (fd < 0 || write(fd, text, static_cast<std::size_t>(size)) != size) _exit(99);
  close(fd);
}

int counted_main(int argc, char** argv, char** environment) {
  if (const char* at = std::getenv("FAILING_MALLOC_AT")) {
    fails_at = std::atol(at);
    fails_on = std::strchr(at, '+') != nullptr;
  }
  count_file = std::getenv("FAILING_MALLOC_COUNT");
  counting = true;
  const int code = real_main(argc, argv, environment);
  if (count_file) write_count();
  return code;
}

}  // namespace

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED void* malloc(std::size_t size) noexcept {
  return is_refused() ? nullptr : __libc_malloc(size);
}

EXPORTED void* calloc(std::size_t count, std::size_t size) noexcept {
  return is_refused() ? nullptr : __libc_calloc(count, size);
}

EXPORTED void* realloc(void* old, std::size_t size) noexcept {
  return is_refused() ? nullptr : __libc_realloc(old, size);
}

EXPORTED void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return is_refused() ? nullptr : __libc_memalign(alignment, size);
}

EXPORTED int posix_memalign(void** result, std::size_t alignment, std::size_t size) noexcept {
  if (is_refused()) return ENOMEM;
  *result = __libc_memalign(alignment, size);
  return *result ? 0 : ENOMEM;
}

EXPORTED int __libc_start_main(Main main, int argc, char** argv, void (*init)(), void (*fini)(), void (*loader_fini)(),
                               void* stack_end) {
  using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
  const auto start = reinterpret_cast<Start>(dlsym(RTLD_NEXT, "__libc_start_main"));
  real_main = main;
  return start(counted_main, argc, argv, init, fini, loader_fini, stack_end);
}

#pragma once

#include <memory>

#include <gmime/gmime.h>

/// GMime's objects, released with their scope.
namespace kundehub::mail {

template <auto Release>
struct ReleaseWith {
  template <class T>
  void operator()(T* object) const {
    Release(object);
  }
};
template <class T>
using GObjectPtr = std::unique_ptr<T, ReleaseWith<g_object_unref>>;
using GString0 = std::unique_ptr<char, ReleaseWith<g_free>>;
using Options = std::unique_ptr<GMimeFormatOptions, ReleaseWith<g_mime_format_options_free>>;

/// Before GMime's first use; again does nothing. Safe from several threads.
void initialise_gmime();

}  // namespace kundehub::mail

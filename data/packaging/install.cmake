# What `cmake --install` puts where. A prefix is known only when it is asked for, so what depends on it is decided then.
set(PACKAGING ${CMAKE_SOURCE_DIR}/data/packaging)
set(EXAMPLES ${CMAKE_INSTALL_DOCDIR}/examples)

# install_in FOLDER WHAT...: install(), with folders that all may enter, whatever the umask of whoever installs.
function(install_in folder)
  install(CODE "set(FOLDER \"${folder}\")\n  include(\"${PACKAGING}/make_folder.cmake\")")
  install(${ARGN} DESTINATION ${folder})
endfunction()

install_in(${CMAKE_INSTALL_BINDIR} TARGETS kundehub RUNTIME)
install_in(${CMAKE_INSTALL_LIBDIR}/kundehub TARGETS kundehub_mail LIBRARY)
install_in(${CMAKE_INSTALL_LOCALEDIR}/da/LC_MESSAGES FILES ${CATALOG})

foreach(section RANGE 1 8)
  file(GLOB pages CONFIGURE_DEPENDS man/*.${section})
  if(pages)
    install_in(${CMAKE_INSTALL_MANDIR}/man${section} FILES ${pages})
  endif()
endforeach()

# Copies to look at and to start from: the program has its own inside.
file(GLOB TEMPLATES CONFIGURE_DEPENDS data/templates/*)
install_in(${CMAKE_INSTALL_DATADIR}/kundehub/templates FILES ${TEMPLATES})

install_in(${CMAKE_INSTALL_DOCDIR} FILES README.md)
install_in(${EXAMPLES} FILES data/cron/kundehub RENAME cron)
install_in(${EXAMPLES}/demo PROGRAMS data/demo/run.sh)
file(GLOB PORTAL CONFIGURE_DEPENDS data/portal/*.py data/portal/*.css)
list(REMOVE_ITEM PORTAL ${CMAKE_SOURCE_DIR}/data/portal/portal.py)
install_in(${EXAMPLES}/portal FILES ${PORTAL})
install_in(${EXAMPLES}/portal PROGRAMS data/portal/portal.py)

# systemd and systemd-sysusers look below /usr and below /usr/local.
install_in(lib/sysusers.d FILES data/systemd/kundehub.sysusers RENAME kundehub.conf)
file(GLOB UNITS CONFIGURE_DEPENDS data/systemd/*.service data/systemd/*.timer)
install(CODE "
  set(UNITS \"${UNITS}\")
  set(PROGRAM \"${CMAKE_INSTALL_BINDIR}/kundehub\")
  set(SCRATCH \"${CMAKE_BINARY_DIR}/generated/systemd\")
  include(\"${PACKAGING}/install_units.cmake\")")

# The shells ask the program itself what to complete; it writes the files that tell them so.
file(GLOB COMPLETION_SOURCES CONFIGURE_DEPENDS cli/completion/*.cpp)
if(COMPLETION_SOURCES)
  set(COMPLETIONS ${CMAKE_BINARY_DIR}/completions)
  file(MAKE_DIRECTORY ${COMPLETIONS})
  add_custom_command(
    OUTPUT ${COMPLETIONS}/kundehub ${COMPLETIONS}/_kundehub ${COMPLETIONS}/kundehub.fish
    COMMAND kundehub completion bash > ${COMPLETIONS}/kundehub
    COMMAND kundehub completion zsh > ${COMPLETIONS}/_kundehub
    COMMAND kundehub completion fish > ${COMPLETIONS}/kundehub.fish
    DEPENDS kundehub
    VERBATIM)
  add_custom_target(kundehub_completions ALL
    DEPENDS ${COMPLETIONS}/kundehub ${COMPLETIONS}/_kundehub ${COMPLETIONS}/kundehub.fish)
  install_in(${CMAKE_INSTALL_DATADIR}/bash-completion/completions FILES ${COMPLETIONS}/kundehub)
  install_in(${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d FILES ${COMPLETIONS}/kundehub.fish)
  # Debian's zsh reads the packages' files from a folder of their own.
  install(CODE "
    set(FOLDER \"${CMAKE_INSTALL_DATADIR}/zsh/site-functions\")
    if(CMAKE_INSTALL_PREFIX STREQUAL \"/usr\" AND EXISTS /etc/debian_version)
      set(FOLDER \"${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions\")
    endif()
    include(\"${PACKAGING}/make_folder.cmake\")
    file(INSTALL DESTINATION \"\${FOLDER}\" TYPE FILE FILES \"${COMPLETIONS}/_kundehub\")")
endif()

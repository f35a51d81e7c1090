# Run by cpack when the files are in their places and before they are packed: what Debian wants of a package's documents.
set(SOURCE ${CPACK_KUNDEHUB_SOURCE})
set(DEBIAN ${SOURCE}/data/packaging/debian)
set(ROOT ${CPACK_TEMPORARY_DIRECTORY})
set(DOCUMENTS ${ROOT}/usr/share/doc/kundehub)

# install_document NAME TEXT
function(install_document name text)
  file(WRITE "${DOCUMENTS}/${name}" "${text}")
  file(CHMOD "${DOCUMENTS}/${name}" FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
endfunction()

# compress FILE...: without the names and times of files inside, so that a package comes out the same each time.
function(compress)
  execute_process(COMMAND gzip -9n ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(write_changelog)
  execute_process(COMMAND awk -v version=${CPACK_PACKAGE_VERSION} -f ${DEBIAN}/changelog.awk ${SOURCE}/README.md
                  OUTPUT_VARIABLE changes COMMAND_ERROR_IS_FATAL ANY)
  if(changes STREQUAL "")
    message(FATAL_ERROR "README.md, Changes, says nothing of version ${CPACK_PACKAGE_VERSION}")
  endif()
  string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)  # SOURCE_DATE_EPOCH, if that is set
  install_document(changelog "${CPACK_PACKAGE_NAME} (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

${changes}
 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
  compress("${DOCUMENTS}/changelog")
endfunction()

# The program holds code of others, whose licences ask for their notices. They stand in the copyright files of the packages
# that it was built with.
function(write_copyright)
  set(text "kundehub is packaged from its own source tree.\n\n")
  if(EXISTS "${SOURCE}/LICENSE")
    file(READ "${SOURCE}/LICENSE" licence)
    string(APPEND text "${licence}")
  else()
    string(APPEND text "Copyright the authors of kundehub. All rights reserved.\n")
  endif()
  string(APPEND text "\nThe program also holds parts of the libraries below, under the terms that are quoted for each.\n")
  foreach(package libcli11-dev libfmt-dev libkainjow-mustache-dev libsodium-dev libsqlite3-dev libsqlitecpp-dev
          libtomlplusplus-dev libutf8proc-dev nlohmann-json3-dev libstdc++6)
    set(notices /usr/share/doc/${package}/copyright)
    if(NOT EXISTS ${notices})
      message(FATAL_ERROR "${notices} is not there: install ${package} again")
    endif()
    file(READ ${notices} notice)
    string(APPEND text "\n----- ${package} -----\n\n${notice}")
  endforeach()
  install_document(copyright "${text}")
endfunction()

write_changelog()
write_copyright()
file(READ ${DEBIAN}/README.Debian text)
install_document(README.Debian "${text}")
file(GLOB pages "${ROOT}/usr/share/man/man*/*.[1-8]")
compress(${pages})

# cpack makes the first of the folders itself, under the umask.
file(GLOB_RECURSE entries LIST_DIRECTORIES true "${ROOT}/usr/*")
foreach(entry IN ITEMS "${ROOT}/usr" LISTS entries)
  if(IS_DIRECTORY "${entry}")
    file(CHMOD "${entry}" DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
         WORLD_READ WORLD_EXECUTE)
  endif()
endforeach()

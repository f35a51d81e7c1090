# Installs UNITS, systemd's files, with PROGRAM, below the prefix, in place of /usr/bin/kundehub. SCRATCH is a folder to
# write them in.
set(FOLDER lib/systemd/system)
include("${CMAKE_CURRENT_LIST_DIR}/make_folder.cmake")
cmake_path(ABSOLUTE_PATH PROGRAM BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}" NORMALIZE)
foreach(unit IN LISTS UNITS)
  get_filename_component(name "${unit}" NAME)
  file(READ "${unit}" text)
  string(REPLACE "=/usr/bin/kundehub " "=${PROGRAM} " text "${text}")
  file(WRITE "${SCRATCH}/${name}" "${text}")
  file(INSTALL DESTINATION "${FOLDER}" TYPE FILE FILES "${SCRATCH}/${name}")
endforeach()

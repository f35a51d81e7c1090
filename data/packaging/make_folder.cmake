# Makes FOLDER, below the prefix, as a folder that all may enter, and so each above it that is missing. Afterwards FOLDER is
# absolute, without DESTDIR. CMake's own setting for this gives way to the umask.
cmake_path(ABSOLUTE_PATH FOLDER BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}" NORMALIZE)
set(made "")
set(missing "$ENV{DESTDIR}${FOLDER}")
while(NOT EXISTS "${missing}")
  list(APPEND made "${missing}")
  cmake_path(GET missing PARENT_PATH missing)
endwhile()
file(MAKE_DIRECTORY "$ENV{DESTDIR}${FOLDER}")
foreach(folder IN LISTS made)
  file(CHMOD "${folder}" DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
       WORLD_READ WORLD_EXECUTE)
endforeach()

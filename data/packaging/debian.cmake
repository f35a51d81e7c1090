# `cpack` in the build folder makes kundehub_VERSION_ARCHITECTURE.deb.
set(KUNDEHUB_MAINTAINER "The authors of kundehub <kundehub@example.org>" CACHE STRING
  "who answers for the Debian package: Name <address>")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME kundehub)
set(CPACK_PACKAGE_CONTACT ${KUNDEHUB_MAINTAINER})
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/data/packaging/debian_documents.cmake)
set(CPACK_KUNDEHUB_SOURCE ${CMAKE_SOURCE_DIR})  # for that script

set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "logins and welcome mails of a customer portal")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"kundehub keeps the customers of a customer portal and the people who act for
them, decides who of them may log in and to which parts of the portal, and
sends each the welcome mail with their login link.

It is one program for admins at a terminal, for shell scripts and for cron,
over a database of its own; no server is needed. A portal asks it who may log
in, by commands or by reading views of the database.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Besides what the program and its module are linked with: the library that draws tables, loaded when there is one to draw
# (cli/output_table.cpp); the zones that times are told in; who makes the system user (debian/postinst).
set(CPACK_DEBIAN_PACKAGE_DEPENDS
  "libsmartcols1 (>= 2.31.1), tzdata, systemd | systemd-standalone-sysusers | systemd-sysusers")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates, less")  # for mail servers with TLS; the pager
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "editor, default-mta | mail-transport-agent, python3")  # template edit, sendmail:, the portal
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${PACKAGING}/debian/postinst ${PACKAGING}/debian/prerm ${PACKAGING}/debian/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

include(CPack)

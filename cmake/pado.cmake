# The few functions of the build. A room is a folder that sees only the rooms it uses: a forbidden include has no path.

# pado_room(phy USES pado_phy_nr pado_kernels EXCLUDE nr)
function(pado_room name)
  cmake_parse_arguments(PARSE_ARGV 1 room "" "" "USES;EXCLUDE")
  string(REPLACE / _ id ${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${name}/*.cpp)
  foreach(folder ${room_EXCLUDE})
    list(FILTER sources EXCLUDE REGEX "/${name}/${folder}/")
  endforeach()
  if(sources)
    add_library(pado_${id} STATIC ${sources})
    target_link_libraries(pado_${id} PUBLIC ${room_USES} PRIVATE pado_flags)
    set(scope PUBLIC)
  else()
    add_library(pado_${id} INTERFACE)
    target_link_libraries(pado_${id} INTERFACE ${room_USES})
    set(scope INTERFACE)
  endif()
  pado_room_path(${name} path)
  target_include_directories(pado_${id} ${scope} ${path})
endfunction()

# pado_text_source(a.cpp.in NAME b.json source): the source a.cpp, made of a.cpp.in with @NAME@ replaced by b.json's text;
# made anew where either changes.
function(pado_text_source template name text result)
  file(READ ${PROJECT_SOURCE_DIR}/${text} ${name})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${text})
  string(REGEX REPLACE "\\.in$" "" source ${PROJECT_BINARY_DIR}/${template})
  configure_file(${PROJECT_SOURCE_DIR}/${template} ${source} @ONLY)
  set(${result} ${source} PARENT_SCOPE)
endfunction()

# The include path of a room: a folder that holds nothing but a link to it.
function(pado_room_path name result)
  string(REPLACE / _ id ${name})
  set(link ${PROJECT_BINARY_DIR}/rooms/${id}/${name})
  get_filename_component(parent ${link} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${name} ${link} SYMBOLIC)
  set(${result} ${PROJECT_BINARY_DIR}/rooms/${id} PARENT_SCOPE)
endfunction()

# pado_tests(kernels USES pado_kernels): one Catch2 program from tests/<name>/*.cpp
function(pado_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 test "" "" "USES")
  string(REPLACE / _ id ${name})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${name}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(test_${id} ${sources})
  target_link_libraries(test_${id} PRIVATE ${test_USES} pado_catch pado_flags)
  add_test(NAME ${id} COMMAND test_${id} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endfunction()

# pado_include_probe(kernels phy/nr/error.h REFUSED): a test that a room does not see a header of the tree, or that it
# does (SEEN), by compiling with the room's include path.
function(pado_include_probe room header verdict)
  if(NOT EXISTS ${PROJECT_SOURCE_DIR}/${header})
    message(FATAL_ERROR "include probe: ${header} does not exist, name one that does")
  endif()
  string(REPLACE / _ id ${room})
  if(verdict STREQUAL REFUSED)
    set(test "${room} does not see ${header}")
  else()
    set(test "${room} sees ${header}")
  endif()
  set(paths $<TARGET_PROPERTY:pado_${id},INTERFACE_INCLUDE_DIRECTORIES>)
  add_test(NAME ${test} COMMAND_EXPAND_LISTS
    COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only -DPADO_PROBED_HEADER=<${header}> "-I$<JOIN:${paths},;-I>"
            ${PROJECT_SOURCE_DIR}/tests/structure/include_probe.cc)
  if(verdict STREQUAL REFUSED)
    set_tests_properties(${test} PROPERTIES ENVIRONMENT LC_ALL=C
      PASS_REGULAR_EXPRESSION "${header}.*(No such file|file not found)")
  endif()
endfunction()

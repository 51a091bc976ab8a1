# Zips of Tcllib's mkzip. `programs` calls it in the folder of contents.
package require zipfile::mkzip
set name [lindex $argv 0]/sound/tcllib-mkzip-[package present zipfile::mkzip]
file mkdir [file dirname $name]
zipfile::mkzip::mkzip $name-folder.zip -directory logs
zipfile::mkzip::mkzip $name-files.zip logs/app.log logs/empty.log
zipfile::mkzip::mkzip $name-comment.zip -comment {from device 7} -directory logs

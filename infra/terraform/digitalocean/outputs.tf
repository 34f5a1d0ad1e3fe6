# What `inventory: { command: [terraform, output, -json] }` of a scenario reads.
output "machines" {
  description = "The servers as runner wants them: how ssh reaches each, its groups, and its address on the private network."
  value = {
    for name, server in digitalocean_droplet.server : name => {
      host     = server.ipv4_address
      user     = var.user
      become   = "sudo"
      groups   = var.servers[name].groups
      underlay = server.ipv4_address_private
    }
  }
}
